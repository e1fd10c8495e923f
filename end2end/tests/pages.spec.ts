import { DESK, PHONE, expect, expectAccessible, go, login, openTicket, test } from './fixtures';

const PUBLIC = ['/', '/login', '/register', '/forgot-password', '/reset-password?token=x', '/setup', '/setup?token=x', '/rate/x?score=4', '/nothing-here'];
const CUSTOMER = [
  '/customer/dashboard',
  '/customer/tickets',
  '/customer/tickets?status=closed',
  '/customer/tickets/new',
  '/customer/help',
  '/customer/vendors',
  '/customer/history',
  '/customer/profile',
  '/customer/confirm?token=x',
];
const ADMIN = ['/admin/dashboard', '/admin/routing', '/admin/sla', '/admin/outbox'];
const REP = ['/rep/inbox', '/rep/inbox?view=mine', '/rep/inbox?view=closed&priority=urgent', '/rep/inbox?view=my_teams', '/rep/inbox?view=pressing', '/rep/inbox?q=charger', '/rep/profile'];

for (const [name, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
  for (const scheme of ['light', 'dark'] as const) {
    test.describe(`${name}, ${scheme}`, () => {
      test.use({ viewport, colorScheme: scheme });

      test('public pages', async ({ page }) => {
        for (const path of PUBLIC) {
          await go(page, path);
          await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
          await expectAccessible(page, path);
        }
      });

      test('customer pages', async ({ page }) => {
        await login(page, 'customer@coco.com');
        for (const path of CUSTOMER) {
          await go(page, path);
          await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
          await expectAccessible(page, path);
        }
        for (const link of ['Home', 'Tickets', 'Help', 'Vendors', 'Profile']) {
          await expect(page.getByRole('navigation').getByRole('link', { name: link, exact: link !== 'Tickets' }).first()).toBeVisible();
        }
        await go(page, '/customer/tickets');
        await page.getByRole('link', { name: /TKT-/ }).first().click();
        await page.waitForURL(/TKT-/);
        await expectAccessible(page, 'a ticket');
      });

      test('desk pages', async ({ page }) => {
        await login(page, 'rep.l1@coco.com');
        for (const path of REP) {
          await go(page, path);
          await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
          await expectAccessible(page, path);
        }
        await go(page, '/rep/inbox?view=all');
        await page.getByRole('link', { name: /TKT-/ }).first().click();
        await page.waitForURL(/TKT-/);
        await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
        await expectAccessible(page, 'a ticket at the desk');
      });

      test('admin pages', async ({ page }) => {
        await login(page, 'super@coco.com');
        for (const path of ADMIN) {
          await go(page, path);
          await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
          await expectAccessible(page, path);
        }
      });
    });
  }
}

test('what people type is shown as text everywhere', async ({ page }) => {
  const evil = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';
  await login(page, 'customer@coco.com');
  const number = await openTicket(page, `Evil ${evil}`, `${evil}\n${'line\n'.repeat(200)}`);
  await expect(page.getByText('<script>window.hacked=1</script>').first()).toBeVisible();
  await page.context().clearCookies();
  await login(page, 'rep.l1@coco.com');
  await go(page, `/rep/inbox/${number}`);
  await expect(page.getByText('<script>window.hacked=1</script>').first()).toBeVisible();
  expect(await page.evaluate(() => (window as never as { hacked?: number }).hacked)).toBeUndefined();
});
