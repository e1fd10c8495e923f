import { DESK, PHONE, alive, expect, go, openTicket, signedIn, test } from './fixtures';
import type { Page } from '@playwright/test';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAADAAAAAkCAIAAABAJy5dAAAAM0lEQVR42u3OAQkAAAgDsCcxif0xljUUBguwTPUpERISEhISEhISEhISEhISEhISEvoUWqo3perCUKKJAAAAAElFTkSuQmCC',
  'base64',
);
const photo = { name: 'light.png', mimeType: 'image/png', buffer: PICTURE };

/** The thumbnail is there and has pixels. */
async function expectPicture(page: Page): Promise<void> {
  const picture = page.getByRole('img', { name: 'light.png' });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
}

test('a picture sent from a phone is seen on both sides, and a refused file says why', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const number = await openTicket(customer.page, 'Picture story', 'I will show you.');
  await go(rep.page, `/rep/inbox/${number}`);

  const files = customer.page.getByLabel('Files');
  await files.setInputFiles({ name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await expect(customer.page.getByText('This file is empty.')).toBeVisible();
  await expect(customer.page.getByText('nothing.txt')).toHaveCount(0);
  await files.setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(26 * 1024 * 1024) });
  await expect(customer.page.getByText('film.mp4 is too large. The limit is 25 MB.')).toBeVisible();

  await files.setInputFiles(photo);
  await expect(customer.page.getByRole('button', { name: 'Remove light.png' })).toBeVisible();
  await expect(customer.page.getByText('too large')).toHaveCount(0);
  await customer.page.getByRole('button', { name: 'Send', exact: true }).click();
  await expectPicture(customer.page);
  await expectPicture(rep.page);
  await customer.page.reload();
  await alive(customer.page);
  await expectPicture(customer.page);

  expect(customer.errors.concat(rep.errors)).toEqual([]);
  await customer.context.close();
  await rep.context.close();
});

test('a picture goes with a new ticket', async ({ browser }) => {
  const { context, page, errors } = await signedIn(browser, 'customer@coco.com', PHONE);
  await go(page, '/customer/tickets/new');
  await page.getByLabel('Subject').fill('Picture first');
  await page.getByLabel('Describe the problem').fill('Look at this.');
  await page.getByLabel('Files').setInputFiles(photo);
  await expect(page.getByRole('button', { name: 'Remove light.png' })).toBeVisible();
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/TKT-/);
  await alive(page);
  await expectPicture(page);
  expect(errors).toEqual([]);
  await context.close();
});

test('a picture chosen without a connection waits for it, and one not sent yet survives a reload', async ({ browser }) => {
  const { context, page, errors } = await signedIn(browser, 'customer@coco.com', PHONE);
  await openTicket(page, 'Tunnel picture', 'I will show you.');
  const remove = page.getByRole('button', { name: 'Remove light.png' });
  const held = page.getByText('A file could not be uploaded yet. Send when it is here, or remove it.');
  await context.setOffline(true);
  await page.getByLabel('Files').setInputFiles(photo);
  await expect(page.getByText('waits for the connection')).toBeVisible();
  await expect(remove).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('This is what I see');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(held).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('waits for the connection')).toHaveCount(0, { timeout: 20_000 });
  await expect(held).toHaveCount(0);
  await expect(remove).toBeVisible();

  await page.reload();
  await alive(page);
  await expect(remove).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('This is what I see');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expectPicture(page);
  await page.reload();
  await alive(page);
  await expectPicture(page);
  await expect(remove).toHaveCount(0);
  expect(errors).toEqual([]);
  await context.close();
});
