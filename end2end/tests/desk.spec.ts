import { expect, go, login, test } from './fixtures';

test('the inbox goes by keyboard alone', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=mine');
  const rows = page.getByRole('link', { name: /TKT-/ });
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/rep\/inbox\/TKT-/);
  await page.keyboard.press('r');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect(page.getByRole('button', { name: 'Add note' })).toBeVisible();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('two people saving at once: the second chooses', async ({ browser }) => {
  const one = await browser.newPage();
  const two = await (await browser.newContext()).newPage();
  await login(one, 'rep.l1@coco.com');
  await login(two, 'rep.l2@coco.com');
  await go(one, '/rep/inbox?view=open');
  const name = (await one.getByRole('link', { name: /TKT-/ }).first().getAttribute('href')) as string;
  await go(one, name);
  await go(two, name);
  const number = /TKT-\d+-\d+/.exec(name)?.[0] as string;
  // The second one's page does not hear of the change.
  await two.context().setOffline(true);
  const changed = await one.request.put(`/api/tickets/${number}`, { data: { subject: 'Changed by the first' }, headers: { origin: new URL(one.url()).origin } });
  expect(changed.status()).toBe(200);
  await two.context().setOffline(false);
  const stale = await two.request.put(`/api/tickets/${number}`, { data: { subject: 'Changed by the second', version: 1 }, headers: { origin: new URL(two.url()).origin } });
  expect(stale.status()).toBe(409);
  expect((await stale.json()).detail).toContain('Someone changed this ticket');
});
