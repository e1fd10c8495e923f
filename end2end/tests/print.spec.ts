import { DESK, PHONE, expect, go, openTicket, say, signedIn, test } from './fixtures';
import type { Locator } from '@playwright/test';

/** What the stylesheet writes beside an element. */
const written = (of: Locator, where: '::before' | '::after') =>
  of.evaluate((el, where) => getComputedStyle(el, where).content, where);

test('a ticket on paper is what was said and what is known, and nothing else', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const number = await openTicket(customer.page, 'Paper story', 'The insurance wants it on paper.');
  await go(rep.page, `/rep/inbox/${number}`);
  await say(rep.page, 'Here is all we know.');
  await rep.page.getByRole('textbox', { name: 'Message' }).fill('The insurance need not know this.');
  await rep.page.getByRole('button', { name: 'Add note' }).click();
  const log = rep.page.getByRole('log', { name: 'Conversation' });
  await expect(log.getByText('The insurance need not know this.')).toBeVisible();
  await expect(customer.page.getByText('Here is all we know.')).toBeVisible();

  await rep.page.evaluate(() => {
    window.print = () => {
      document.documentElement.dataset.printed = '';
    };
  });
  await rep.page.locator('.case-acts').getByRole('button', { name: 'More' }).click();
  await rep.page.getByRole('menuitem', { name: 'Print' }).click();
  await expect(rep.page.locator('html')).toHaveAttribute('data-printed', '');

  await rep.page.emulateMedia({ media: 'print' });
  await expect(rep.page.getByRole('navigation')).toHaveCount(0);
  await expect(rep.page.getByRole('textbox')).toHaveCount(0);
  for (const place of ['.desk-side', '.inbox-list', '.case-write', '.case-acts .btn']) {
    await expect(rep.page.locator(place).first()).toBeHidden();
  }
  await expect(rep.page.getByRole('heading', { level: 1, name: 'Paper story' })).toBeVisible();
  await expect(rep.page.locator('.case-head .ticket-number')).toHaveText(number);
  await expect(rep.page.locator('.case-bar > .btn .status')).toBeVisible();
  await expect(rep.page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  for (const words of ['The insurance wants it on paper.', 'Here is all we know.', 'The insurance need not know this.']) {
    await expect(log.getByText(words)).toBeVisible();
  }
  expect(await written(log.locator('[data-note="true"] .bubble'), '::before')).toBe('"Note (team only)"');
  expect(await written(log.locator('time').first(), '::after')).toMatch(/20\d\d/);
  expect(await log.evaluate((el) => getComputedStyle(el).overflowY)).toBe('visible');

  await customer.page.emulateMedia({ media: 'print' });
  await expect(customer.page.getByRole('navigation')).toHaveCount(0);
  await expect(customer.page.getByRole('textbox')).toHaveCount(0);
  await expect(customer.page.getByRole('heading', { level: 1, name: 'Paper story' })).toBeVisible();
  for (const words of ['The insurance wants it on paper.', 'Here is all we know.']) {
    await expect(customer.page.getByText(words)).toBeVisible();
  }
  expect(customer.errors.concat(rep.errors)).toEqual([]);
  await customer.context.close();
  await rep.context.close();
});
