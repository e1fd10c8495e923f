import { DESK, PHONE, expect, login, test } from './fixtures';

test.use({ javaScriptEnabled: false, viewport: PHONE });

test('without JavaScript: sign in, read, ask, answer, rate', async ({ page, browser }) => {
  await page.goto('/login');
  await page.getByLabel('Email').fill('customer@coco.com');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText("don't match")).toBeVisible();
  await page.getByLabel('Email').fill('customer@coco.com');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/customer/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  await page.goto('/customer/tickets');
  await expect(page.getByRole('link', { name: /TKT-/ }).first()).toBeVisible();

  await page.goto('/customer/tickets/new');
  await page.getByLabel('Subject').fill('Asked without scripts');
  await page.getByLabel('Describe the problem').fill('The page has to work like this, too.');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/TKT-/);
  await expect(page.getByText('The page has to work like this, too.').first()).toBeVisible();

  await page.getByRole('textbox', { name: 'Message' }).fill('And an answer.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('And an answer.').first()).toBeVisible();

  await expect(page).toHaveURL(/#newest$/);
  await expect(page.getByText('And an answer.').first()).toBeInViewport();

  const number = page.url().split('/').pop()?.split('#')[0] as string;
  const context = await browser.newContext({ javaScriptEnabled: true, viewport: DESK });
  const rep = await context.newPage();
  await login(rep, 'rep.l1@coco.com');
  for (const change of [{ assignedAgentId: 'me' }, { status: 'resolved' }]) {
    const answer = await rep.request.put(`/api/tickets/${number}`, { data: change, headers: { origin: new URL(rep.url()).origin } });
    expect(answer.status(), JSON.stringify(change)).toBe(200);
  }
  await context.close();
  await page.reload();
  await page.getByRole('radio', { name: /4/ }).check({ force: true });
  await page.getByRole('button', { name: 'Send rating' }).click();
  await expect(page.getByText('You rated this 4 of 5')).toBeVisible();
});

test('pressing Create ticket twice without JavaScript opens one ticket', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('Email').fill('customer@coco.com');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/customer/dashboard');
  await page.goto('/customer/tickets/new');
  const ids = await page.locator('input[name=client_id]').evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value));
  expect(ids).toHaveLength(1);
  expect(ids[0].length).toBeGreaterThan(20);
});

test('the desk is readable without JavaScript', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('Email').fill('rep.l1@coco.com');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/rep/inbox*');
  const first = page.getByRole('link', { name: /TKT-/ }).first();
  await expect(first).toBeVisible();
  await first.click();
  await expect(page.getByRole('log', { name: 'Conversation' })).toBeVisible();
});
