import { DESK, alive, expect, expectAccessible, go, login, test } from './fixtures';

test('whoever forgot their password is helped by the mail outbox', async ({ browser, page }) => {
  const customer = await (await browser.newContext()).newPage();
  await go(customer, '/register');
  await customer.getByLabel('Name').fill('Lena Forgetful');
  await customer.getByLabel('Email').fill('lena@example.org');
  await customer.getByLabel('Password').fill('soon to be forgotten');
  await customer.getByRole('button', { name: 'Create account' }).click();
  await customer.waitForURL('**/customer/dashboard');
  await customer.context().clearCookies();
  await go(customer, '/forgot-password');
  await customer.getByLabel('Email').fill('lena@example.org');
  await customer.getByRole('button', { name: 'Send link' }).click();
  await expect(customer.getByRole('heading', { name: 'Look at your mail' })).toBeVisible();

  await page.setViewportSize(DESK);
  await login(page, 'super@coco.com');
  await page.getByRole('navigation').getByRole('link', { name: 'Mail outbox' }).click();
  await expect(page.getByRole('heading', { name: 'Mail outbox' })).toBeVisible();
  await expectAccessible(page, 'the outbox');
  await page.getByRole('row', { name: /lena@example\.org/ }).filter({ hasText: 'Choose a new password' }).getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  await expectAccessible(page, 'a mail');
  const link = page.getByRole('link', { name: /reset-password/ });
  await expect(link).toHaveAttribute('rel', /noreferrer/);

  await customer.goto((await link.getAttribute('href')) as string);
  await alive(customer);
  await customer.getByLabel('New password').fill('never to be forgotten');
  await customer.getByRole('button', { name: 'Set password' }).click();
  await customer.waitForURL('**/customer/dashboard');
  await customer.context().close();
});

test('a manager is told that the outbox is for others', async ({ page }) => {
  await login(page, 'admin.manager@coco.com');
  await expect(page.getByRole('link', { name: 'Mail outbox' })).toHaveCount(0);
  const answer = await page.goto('/admin/outbox');
  expect(answer?.status()).toBe(403);
  await expect(page.getByText('This page is for other roles than yours.')).toBeVisible();
});
