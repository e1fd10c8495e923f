import { type Browser, type Page } from '@playwright/test';
import { DESK, PHONE, alive, expect, expectAccessible, go, login, signedIn, test } from './fixtures';

/** Has a ticket resolved for a new customer; the link for four of five in the mail about it, as super admins find it. */
async function linkFor(browser: Browser, subject: string): Promise<{ number: string; link: string }> {
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const who = { customerName: 'Ada Mailed', customerEmail: `${subject.toLowerCase().replaceAll(' ', '.')}@example.org` };
  const opened = await ask(rep.page, 'post', '/api/tickets', { ...who, subject, description: 'Please help.' });
  const number = opened.ticket.number;
  await ask(rep.page, 'put', `/api/tickets/${number}`, { assignedAgentId: 'me' });
  await ask(rep.page, 'put', `/api/tickets/${number}`, { status: 'resolved' });
  await rep.context.close();
  const boss = await signedIn(browser, 'super@coco.com', DESK);
  const row = boss.page.getByRole('row', { name: new RegExp(number) });
  await expect(async () => {
    await go(boss.page, '/admin/outbox');
    await expect(row).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await row.getByRole('link').click();
  const links = boss.page.getByRole('link', { name: /\/rate\// });
  await expect(links).toHaveCount(5);
  const link = (await links.filter({ hasText: 'score=4' }).getAttribute('href')) as string;
  await boss.context.close();
  return { number, link };
}

async function ask(page: Page, method: 'post' | 'put', path: string, data: object) {
  const answer = await page.request[method](path, { data, headers: { origin: new URL(page.url()).origin } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.json();
}

test.use({ viewport: PHONE });

test('a link in the mail rates without signing in', async ({ browser, page }) => {
  const { number, link } = await linkFor(browser, 'Rated from the mail');
  await page.goto(link);
  await alive(page);
  await expect(page.getByRole('heading', { name: 'Your request is resolved' })).toBeVisible();
  await expect(page.getByText('Rated from the mail')).toBeVisible();
  await expect(page.getByRole('radio', { name: /4/ })).toBeChecked();
  await expectAccessible(page, 'the page of a link');
  await page.getByLabel('Anything to add?').fill('That was quick.');
  await page.getByRole('button', { name: 'Send rating' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await expect(page.getByText('4 of 5: Good')).toBeVisible();
  await expectAccessible(page, 'the thanks');
  await go(page, link);
  await expect(page.getByRole('heading', { name: 'You have rated this already' })).toBeVisible();
  await page.getByRole('link', { name: 'See your request' }).click();
  await page.waitForURL('**/login?next=**');
  await login(page, 'rep.l1@coco.com');
  await page.setViewportSize(DESK);
  await go(page, `/rep/inbox/${number}`);
  await expect(page.getByText('That was quick.').first()).toBeVisible();
});

test('the link of a request that was opened again says so', async ({ browser, page }) => {
  const { number, link } = await linkFor(browser, 'Opened again');
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  await ask(rep.page, 'put', `/api/tickets/${number}`, { status: 'open' });
  await rep.context.close();
  await go(page, link);
  await expect(page.getByRole('heading', { name: 'Your request was opened again' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send rating' })).toHaveCount(0);
  await expectAccessible(page, 'the page of a link that has ended');
});

test('a made-up link leads nowhere', async ({ page }) => {
  const answer = await page.goto('/rate/guess?score=4');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: "We couldn't find that" })).toBeVisible();
});

test('without JavaScript a link in the mail rates as well', async ({ browser }) => {
  const { link } = await linkFor(browser, 'Rated without scripts');
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByRole('radio', { name: /4/ })).toBeChecked();
  await page.getByRole('radio', { name: /5/ }).check({ force: true });
  await page.getByRole('button', { name: 'Send rating' }).click();
  await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
  await expect(page.getByText('5 of 5: Excellent')).toBeVisible();
  await context.close();
});
