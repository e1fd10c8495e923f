import { DESK, PHONE, expect, go, login, openTicket, signedIn, test } from './fixtures';

test('a ticket that waits says where, why, and who could take it', async ({ page, browser }) => {
  await page.setViewportSize(PHONE);
  await login(page, 'customer@coco.com');
  const number = await openTicket(page, `Waiting ${Date.now()}`, 'The light blinks red');
  await expect(page.getByText(/in line\./)).toBeVisible();

  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  await go(rep.page, `/rep/inbox/${number}`);
  await expect(rep.page.getByText(/^\d+\w\w in the queue/)).toBeVisible();
  await rep.page.getByText('Why is this waiting?').click();
  await expect(rep.page.getByText('Tickets are not handed out by themselves here', { exact: false })).toBeVisible();
  await rep.page.getByRole('button', { name: 'Assign to me' }).first().click();
  await expect(page.getByText(/in line\./)).toBeHidden();
  await expect(rep.page.getByText('Why me?')).toBeVisible();
  await rep.context.close();
  expect(rep.errors).toEqual([]);
});

test('rules are tried on past tickets, and nobody saves over another', async ({ page, browser }) => {
  await page.setViewportSize(DESK);
  await login(page, 'super@coco.com');
  await go(page, '/admin/routing');
  const other = await signedIn(browser, 'admin.senior@coco.com', DESK);
  await go(other.page, '/admin/routing');

  const skill = `skill-${Date.now()}`;
  await page.getByLabel('Account', { exact: true }).fill(skill);
  await page.getByRole('button', { name: 'Try on past tickets' }).click();
  await expect(page.getByText(/would have found nobody \(.*Account/)).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved. Tickets that wait').first()).toBeVisible();

  await other.page.getByLabel('Whoever helped the customer last comes first').click();
  await other.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.page.getByText('Someone saved other rules while you were editing', { exact: false })).toBeVisible();
  await other.page.getByRole('button', { name: 'Show newest' }).click();
  await expect(other.page.getByLabel('Account', { exact: true })).toHaveValue(skill);

  await other.page.getByLabel('Account', { exact: true }).fill('');
  await other.page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.page.getByText('Saved. Tickets that wait').first()).toBeVisible();
  await other.context.close();
  expect(other.errors).toEqual([]);
});
