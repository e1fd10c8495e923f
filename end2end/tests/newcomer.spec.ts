import { type Browser, type Page } from '@playwright/test';
import { PHONE, alive, expect, go, openTicket, say, test } from './fixtures';

test.use({ viewport: PHONE });

/** Makes an account, whose address is not confirmed. */
async function register(page: Page, name: string): Promise<void> {
  await go(page, '/register');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(`${name.toLowerCase().replaceAll(' ', '.')}.${Date.now()}@example.org`);
  await page.getByLabel('Password').fill('battery staple horse');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/customer/dashboard');
  await alive(page);
}

/** Chooses a first vendor on the page to ask for help, and asks. */
async function ask(page: Page, subject: string): Promise<void> {
  await go(page, '/customer/tickets/new');
  await page.getByRole('button', { name: 'Add Voltway' }).click();
  await expect(page.getByLabel('Subject')).toBeInViewport();
  await openTicket(page, subject, 'It does not start.');
}

async function newcomer(browser: Browser, name: string) {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true });
  const page = await context.newPage();
  await register(page, name);
  return { context, page };
}

test('a newcomer chooses the first vendor where they ask for help', async ({ page }) => {
  await register(page, 'Nora First');
  await page.getByRole('link', { name: 'Help', exact: true }).click();
  await page.getByRole('link', { name: /Write to us/ }).click();
  await page.getByRole('button', { name: 'Add Voltway' }).click();
  const subject = page.getByLabel('Subject');
  await expect(subject).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Add Voltway' })).toHaveCount(0);
  await expect(page.locator('header').getByText('Voltway')).toBeVisible();
  // What comes with the next reload of the vendors still works.
  await subject.fill('The first question');
  await page.getByLabel('Describe the problem').fill('It does not start.');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/\/customer\/tickets\/TKT-/);
});

test('banners leave the head of a ticket free, and the box to write in at the bottom', async ({ browser }) => {
  const { context, page } = await newcomer(browser, 'Nora Unconfirmed');
  const confirm = page.getByText('Confirm your address with the link in our mail.');
  await expect(confirm).toBeVisible();
  await ask(page, 'A short question');
  await expect(confirm).toBeHidden();
  await context.setOffline(true);
  await expect(page.locator('.customer-state').getByText("You're offline.", { exact: false })).toBeVisible();
  const banner = await page.locator('.customer-state').boundingBox();
  const head = await page.locator('.ticket-head').boundingBox();
  expect(banner?.y).toBe(0);
  expect(head?.y).toBeGreaterThanOrEqual((banner?.y ?? 0) + (banner?.height ?? 0));
  const composer = await page.locator('.composer').boundingBox();
  const bar = await page.locator('.places').boundingBox();
  expect(Math.abs((composer?.y ?? 0) + (composer?.height ?? 0) - (bar?.y ?? 0))).toBeLessThanOrEqual(1);
  await context.setOffline(false);
  await page.getByRole('link', { name: 'All tickets' }).click();
  await page.waitForURL('**/customer/tickets');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(confirm).toBeHidden();
  await context.close();
});

test('without a connection a ticket can be left, and a page that failed loads when it is back', async ({ browser }) => {
  const { context, page } = await newcomer(browser, 'Nora Offline');
  await ask(page, 'Asked before the tunnel');
  await context.setOffline(true);
  await expect(page.getByText("You're offline.", { exact: false }).first()).toBeVisible();
  await say(page, 'Line one\nLine two\nLine three\nLine four');
  await expect(page.getByText("Will be sent when you're back online.")).toBeInViewport();
  await page.getByRole('link', { name: 'All tickets' }).click();
  await expect(page.getByText(/We couldn't load your tickets/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('Asked before the tunnel').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/We couldn't load your tickets/)).toHaveCount(0);
  await context.close();
});
