import { DESK, PHONE, expect, expectAccessible, go, signedIn, test } from './fixtures';

test('a manager changes what is promised, and what cannot be is refused at its field', async ({ browser }) => {
  const manager = await signedIn(browser, 'admin.manager@coco.com', DESK);
  const { page } = manager;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'SLA' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'SLA' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Promises kept by priority' }).getByRole('row')).toHaveCount(5);

  const urgent = page.getByRole('group', { name: 'Urgent' });
  const resolved = urgent.getByLabel('Resolved within');
  const before = await resolved.inputValue();
  await resolved.fill('soon');
  await page.getByLabel('Monday').fill('9-13, 12-17');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(urgent.getByText('Write a time like 30 min')).toBeVisible();
  await expect(resolved).toBeFocused();
  await resolved.fill('3 h');
  await resolved.press('Enter');
  await expect(page.getByText('Monday: 09:00–13:00 and 12:00–17:00 overlap.')).toBeVisible();
  await expectAccessible(page, 'the policy with a fault');
  await page.getByLabel('Monday').fill('8-12, 13-18');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. Open tickets have their new due times.')).toBeVisible();
  await expect(page.getByLabel('Monday')).toHaveValue('08:00–12:00, 13:00–18:00');

  await go(page, '/admin/sla');
  await expect(resolved).toHaveValue('3 h');
  await resolved.fill(before);
  await page.getByLabel('Monday').fill('8-18');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. Open tickets have their new due times.')).toBeVisible();
  expect(manager.errors).toEqual([]);
});

test('who saves second is told, and loads the newest', async ({ browser }) => {
  const [first, second] = [await signedIn(browser, 'admin.manager@coco.com', DESK), await signedIn(browser, 'admin.senior@coco.com', DESK)];
  await go(first.page, '/admin/sla');
  await go(second.page, '/admin/sla');
  const low = (page: typeof first.page) => page.getByRole('group', { name: 'Low' }).getByLabel('First answer within');
  const before = await low(first.page).inputValue();
  await low(first.page).fill('23 h');
  await first.page.getByRole('button', { name: 'Save' }).click();
  await expect(first.page.getByText('Saved.')).toBeVisible();
  await second.page.getByRole('button', { name: 'Save' }).click();
  await expect(second.page.getByText('Someone changed this policy while you were editing.')).toBeVisible();
  await second.page.getByRole('button', { name: 'Load the newest' }).click();
  await expect(low(second.page)).toHaveValue('23 h');
  await low(second.page).fill(before);
  await second.page.getByRole('button', { name: 'Save' }).click();
  await expect(second.page.getByText('Saved.')).toBeVisible();
  expect([...first.errors, ...second.errors]).toEqual([]);
});

test('a rep sees when a ticket is due, in the list and beside it', async ({ browser }) => {
  for (const viewport of [DESK, PHONE]) {
    const rep = await signedIn(browser, 'rep.l1@coco.com', viewport);
    await go(rep.page, '/rep/inbox?view=open');
    const row = rep.page.getByRole('link', { name: /TKT-.*(due in|overdue|paused)/ }).first();
    await row.click();
    await rep.page.waitForURL(/TKT-/);
    const details = rep.page.locator('summary', { hasText: 'Details' });
    if (await details.isVisible()) await details.click();
    const clocks = rep.page.getByRole('region', { name: 'SLA' });
    await expect(clocks.getByText('First answer')).toHaveCount(1);
    await expect(clocks.getByText('Resolution')).toHaveCount(1);
    await expect(clocks.getByText(/^(On track|At risk|Breached|Met|Missed|Not needed)$/)).toHaveCount(2);
    expect(rep.errors).toEqual([]);
  }
});
