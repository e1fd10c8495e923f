import { DESK, PHONE, alive, expect, go, login, openTicket, say, signedIn, test } from './fixtures';

test('ask, be answered live, resolve, rate: one journey on both sides', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const subject = `The charger shows a red light (${Date.now()})`;

  // The rep has the inbox open before the customer asks.
  await go(rep.page, '/rep/inbox?view=unassigned');
  const number = await openTicket(customer.page, subject, 'It blinks red since this morning and does not charge.');

  // It appears by itself.
  const row = rep.page.getByRole('link', { name: new RegExp(`${number}.*${subject.replace(/[()]/g, '\\$&')}`) });
  const fresh = rep.page.getByRole('button', { name: /\bnew\b/ });
  await expect(row.or(fresh).first()).toBeVisible();
  if (!(await row.isVisible())) await fresh.click();
  await row.click();
  await rep.page.waitForURL(`**/rep/inbox/${number}*`);

  // Taken: the customer is told.
  await rep.page.getByRole('button', { name: 'Assign to me' }).click();
  await expect(customer.page.getByText(/is looking into it/).first()).toBeVisible();

  // They talk, live in both directions.
  await say(rep.page, 'Hello! Which light is it, the top one or the bottom one?');
  await expect(customer.page.getByText('the top one or the bottom one?')).toBeVisible();
  await customer.page.getByRole('textbox', { name: 'Message' }).pressSequentially('The ', { delay: 30 });
  await expect(rep.page.getByText(/is typing/)).toBeVisible();
  await say(customer.page, 'The top one. <b>Always</b> the top one.');
  // The list tells of it too.
  const heard = rep.page.getByRole('log', { name: 'Conversation' });
  await expect(heard.getByText('The top one. <b>Always</b> the top one.')).toBeVisible();

  // What the team writes for itself stays there.
  await rep.page.getByRole('tab', { name: 'Note' }).click();
  await rep.page.getByRole('textbox', { name: 'Message' }).fill('Known fault of batch 7.');
  await rep.page.getByRole('button', { name: 'Add note' }).click();
  await expect(rep.page.getByText('Known fault of batch 7.').first()).toBeVisible();
  await expect(customer.page.getByText('Known fault of batch 7.')).toHaveCount(0);

  // Resolved, rated.
  await rep.page.getByRole('button', { name: 'Resolve', exact: true }).click();
  const ratings = customer.page.getByRole('radiogroup', { name: 'How did we do?' });
  await expect(ratings).toBeVisible();
  await ratings.getByRole('radio', { name: /5/ }).check({ force: true });
  await customer.page.getByRole('button', { name: 'Send rating' }).click();
  await expect(rep.page.getByText(/rated 5 of 5/).first()).toBeVisible();

  // Still something wrong: a reply reopens it.
  await customer.page.reload();
  await alive(customer.page);
  await say(customer.page, 'It blinks again.');
  await expect(heard.getByText('It blinks again.')).toBeVisible();
  await expect(rep.page.getByText('Reopened').first()).toBeVisible();

  // Both see the whole journey.
  await go(customer.page, '/customer/history');
  await expect(customer.page.getByText(number).first()).toBeVisible();
  await expect(customer.page.getByText('You rated us 5 of 5').first()).toBeVisible();
  await rep.page.reload();
  await alive(rep.page);
  await expect(rep.page.getByText(/took the ticket/).first()).toBeVisible();

  expect(customer.errors.concat(rep.errors)).toEqual([]);
  await customer.context.close();
  await rep.context.close();
});

test('what cannot be sent is kept, told and sent once when the network is back', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  await openTicket(page, 'Offline story', 'First message');
  await context.setOffline(true);
  await say(page, 'Written in a tunnel');
  await expect(page.getByText("Will be sent when you're back online.").first()).toBeVisible();
  await expect(page.getByText('Written in a tunnel')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
  await expect(page.getByText(/Will be sent|Try again/)).toHaveCount(0);
  await page.reload();
  await alive(page);
  await expect(page.getByText('Written in a tunnel')).toHaveCount(1);
  await context.close();
});

test('what could not be sent stays with the person who wrote it', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  const number = await openTicket(page, 'Shared phone story', 'First message');
  await page.getByRole('textbox', { name: 'Message' }).fill('Only mine to read');
  await context.clearCookies();
  await login(page, 'rep.l1@coco.com');
  await go(page, `/rep/inbox/${number}`);
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
  await context.close();
});

test('an answer is sent, then delivered, then read', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const number = await openTicket(customer.page, 'Receipt story', 'First message');
  await go(rep.page, `/rep/inbox/${number}`);
  await go(customer.page, '/customer/help');
  await say(rep.page, 'Are you there?');
  await expect(rep.page.getByText('Delivered', { exact: true })).toBeVisible();
  await go(customer.page, `/customer/tickets/${number}`);
  await expect(rep.page.getByText('Read', { exact: true })).toBeVisible();
  expect(customer.errors.concat(rep.errors)).toEqual([]);
  await customer.context.close();
  await rep.context.close();
});

test('who is signed out elsewhere is told so', async ({ browser }) => {
  const here = await signedIn(browser, 'rep.l3@coco.com', DESK);
  const there = await signedIn(browser, 'rep.l3@coco.com', DESK);
  await go(there.page, '/rep/profile');
  await there.page.getByText('Sign out everywhere…').click();
  await there.page.getByRole('button', { name: 'Sign out everywhere', exact: true }).last().click();
  await there.page.waitForURL('**/login');
  await expect(here.page.getByText('You have been signed out.')).toBeVisible({ timeout: 20_000 });
  await here.page.getByRole('link', { name: 'Sign in again' }).click();
  await here.page.waitForURL('**/login?next=/rep/inbox');
  await here.context.close();
  await there.context.close();
});

test('a draft survives a reload', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  await openTicket(page, 'Draft story', 'First message');
  await page.getByRole('textbox', { name: 'Message' }).fill('Half a thou');
  await page.reload();
  await alive(page);
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Half a thou');
  await context.close();
});

test('the messages missed while the socket was cut arrive by themselves', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const number = await openTicket(customer.page, 'Tunnel story', 'First message');
  await go(rep.page, `/rep/inbox/${number}`);
  await customer.context.setOffline(true);
  await expect(customer.page.getByText(/offline/i).filter({ visible: true }).first()).toBeVisible();
  for (const n of [1, 2, 3]) {
    await say(rep.page, `Answer ${n}`);
    await expect(rep.page.getByText(`Answer ${n}`).first()).toBeVisible();
  }
  await customer.context.setOffline(false);
  for (const n of [1, 2, 3]) await expect(customer.page.getByText(`Answer ${n}`)).toHaveCount(1, { timeout: 20_000 });
  await customer.context.close();
  await rep.context.close();
});

test('a message that failed because the session ended leads to signing in, and goes then', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  const number = await openTicket(page, 'Session story', 'First message');
  await context.clearCookies();
  await say(page, 'Written too late');
  const row = page.getByRole('listitem').filter({ hasText: 'Written too late' });
  await expect(row.getByText('You have been signed out. This is kept.')).toBeVisible();
  await row.getByRole('link', { name: 'Sign in and send' }).click();
  await page.waitForURL(/\/login\?next=/);
  await alive(page);
  await page.getByLabel('Email').fill('customer@coco.com');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**/customer/tickets/${number}`);
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
  await expect(page.getByText('Written too late')).toHaveCount(1);
  await context.close();
});

test('the search box says what is looked for, also after Back', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  await go(page, '/customer/tickets');
  const box = page.getByRole('searchbox', { name: 'Search your tickets' });
  for (const words of ['charger', 'night']) {
    await box.fill(words);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`q=${words}`));
  }
  await page.goBack();
  await expect(page).toHaveURL(/q=charger/);
  await expect(box).toHaveValue('charger');
  await context.close();
});

test('a message that grows too long is told while it is written', async ({ browser }) => {
  const { context, page } = await signedIn(browser, 'customer@coco.com', PHONE);
  await openTicket(page, 'Long story', 'First message');
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('a'.repeat(19_900));
  await expect(page.getByText('100 characters left')).toBeVisible();
  await box.fill('a'.repeat(20_037));
  await expect(page.getByText('37 characters too many')).toBeVisible();
  await expect(page.getByText('Use at most 20000 characters.')).toBeVisible();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(box).toHaveValue(/a{9}/);
  await box.fill('Short');
  await expect(page.getByText(/Use at most|characters/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
  await context.close();
});
