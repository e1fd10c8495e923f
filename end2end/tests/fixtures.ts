import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Browser, type Page } from '@playwright/test';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };

export const LOGINS = [
  { role: 'customer', email: 'customer@coco.com', home: '/customer/dashboard' },
  { role: 'rep, level 1', email: 'rep.l1@coco.com', home: '/rep/inbox' },
  { role: 'rep, level 2', email: 'rep.l2@coco.com', home: '/rep/inbox' },
  { role: 'rep, level 3', email: 'rep.l3@coco.com', home: '/rep/inbox' },
  { role: 'manager', email: 'admin.manager@coco.com', home: '/admin/dashboard' },
  { role: 'senior admin', email: 'admin.senior@coco.com', home: '/admin/dashboard' },
  { role: 'super admin', email: 'super@coco.com', home: '/admin/dashboard' },
];

/** Errors of the page's own scripts; a refused request that a test asks for on purpose is no error. */
const EXPECTED = /the server responded with a status of (401|403|404|409|413|422|429)|net::ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket connection to/;

export function watchConsole(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('console', (m) => {
    const bad = m.type() === 'error' || (m.type() === 'warning' && /hydrat|panicked/i.test(m.text()));
    if (bad && !EXPECTED.test(m.text())) errors.push(m.text());
  });
  return errors;
}

/** Every page of a test fails it when its scripts complain. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const errors = watchConsole(page);
    await use(page);
    expect(errors, 'errors in the console').toEqual([]);
  },
});

export { expect };

/** Waits until the page has come alive, so that clicks reach its handlers. */
export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.alive === 'true');
}

export async function go(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await alive(page);
}

export async function login(page: Page, email: string): Promise<void> {
  await go(page, '/login');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  await alive(page);
}

/** A signed-in page in a browser context of its own. */
export async function signedIn(browser: Browser, email: string, viewport: typeof DESK) {
  const context = await browser.newContext({ viewport, hasTouch: viewport.width < 640 });
  const page = await context.newPage();
  const errors = watchConsole(page);
  await login(page, email);
  return { context, page, errors };
}

/** No serious violation of WCAG 2.2 A and AA, and nothing wider than the screen. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const serious = found.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  expect(serious, `axe on ${what}`).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** Opens a ticket as the signed-in customer; its number. */
export async function openTicket(page: Page, subject: string, description: string): Promise<string> {
  await go(page, '/customer/tickets/new');
  await page.getByLabel('Subject').fill(subject);
  await page.getByLabel('Describe the problem').fill(description);
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/\/customer\/tickets\/TKT-/);
  await alive(page);
  return page.url().split('/').pop() as string;
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}
