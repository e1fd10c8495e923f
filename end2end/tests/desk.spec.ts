import type { Page } from '@playwright/test';
import { DESK, PHONE, expect, expectAccessible, go, login, openTicket, signedIn, test } from './fixtures';

test('the inbox goes by keyboard alone', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=mine');
  const rows = page.getByRole('link', { name: /TKT-/ });
  await expect(rows.first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/rep\/inbox\/TKT-/);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await page.keyboard.press('r');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect(page.getByRole('button', { name: 'Add note' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveAttribute('placeholder', /only your team sees/);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('the ticket beside the list follows j and k', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=open');
  const rows = page.getByRole('link', { name: /TKT-/ });
  const [first, second] = await rows.evaluateAll((all) => all.slice(0, 2).map((row) => (row as HTMLElement).dataset.number as string));
  const open = page.locator('.case-head .ticket-number');
  await page.keyboard.press('j');
  await expect(open).toHaveText(first);
  await page.keyboard.press('j');
  await expect(open).toHaveText(second);
  await expect(page.locator('a.inbox-row:focus')).toHaveAttribute('data-number', second);
  await page.keyboard.press('k');
  await expect(open).toHaveText(first);
  await page.goBack();
  await expect(open).toHaveCount(0);
  await expect(page).toHaveURL(/view=open/);
});

test('a ticket is found by its number whatever list is shown', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=closed');
  const number = await page.locator('a.inbox-row').first().getAttribute('data-number') as string;
  const open = page.locator('.case-head .ticket-number');
  await go(page, '/rep/inbox?view=mine');
  await page.getByRole('searchbox', { name: 'Search tickets' }).fill(number.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(open).toHaveText(number);
  const box = page.getByRole('searchbox', { name: 'Search tickets' });
  await go(page, '/rep/inbox?q=xylophone');
  await box.fill(number);
  await page.keyboard.press('Enter');
  await expect(open).toHaveText(number);
  await expect(page).not.toHaveURL(/q=/);
  await expect(box).toHaveValue('');
  await page.goBack();
  await expect(page).toHaveURL(/q=xylophone/);
  await expect(box).toHaveValue('xylophone');
  await go(page, '/rep/inbox');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What do you want to do?' }).fill(number.toLowerCase());
  await expect(page.getByRole('option', { name: `Open ${number}` })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(open).toHaveText(number);
  await go(page, '/rep/inbox?view=mine&q=xylophone');
  await page.getByRole('link', { name: 'Search all tickets' }).click();
  await expect(page).toHaveURL(/view=all.*q=xylophone/);
});

test('who has just signed in is shown as online', async ({ page, browser }) => {
  await login(page, 'rep.l2@coco.com');
  await expect(page.getByRole('button', { name: 'Your presence' })).toContainText('Online');
  const lead = await (await browser.newContext()).newPage();
  await login(lead, 'admin.manager@coco.com');
  await expect(lead.getByRole('button', { name: 'Your presence' })).toContainText('Online');
  const name = ((await lead.getByRole('button', { name: /Your account: / }).textContent()) as string).replace(/^.*Your account: /, '');
  await expect(lead.getByRole('table', { name: 'Team' }).getByRole('row').filter({ hasText: name })).toContainText('Online');
});

test('a key pressed while a ticket loads counts', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=mine');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/load_ticket', async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page.locator('.case-waiting')).toBeVisible();
  await page.keyboard.press('r');
  release();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});

test('two people saving at once: the second chooses', async ({ browser }) => {
  const one = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const two = await signedIn(browser, 'rep.l2@coco.com', DESK);
  await go(one.page, '/rep/inbox?view=open');
  const ticket = (await one.page.getByRole('link', { name: /TKT-/ }).first().getAttribute('href')) as string;
  await go(one.page, ticket);
  await go(two.page, ticket);
  const edit = async (page: Page, subject: string) => {
    await page.getByRole('button', { name: 'Edit the subject' }).click();
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill(subject);
  };
  const save = (page: Page) => page.getByRole('textbox', { name: 'Subject', exact: true }).press('Enter');
  const dialog = two.page.getByRole('dialog', { name: 'Someone changed this ticket' });
  for (const [choice, counts] of [['Show newest', 'the first'], ['Save mine anyway', 'the second']]) {
    // Both begin on the same version.
    await edit(two.page, `Changed by the second: ${choice}`);
    await edit(one.page, `Changed by the first: ${choice}`);
    const saved = one.page.waitForResponse('**/edit_ticket');
    await save(one.page);
    expect((await saved).status()).toBe(200);
    await save(two.page);
    await expect(dialog).toContainText(`You wanted to change the subject to “Changed by the second: ${choice}”.`);
    await expect(dialog).toContainText(`The subject is “Changed by the first: ${choice}” now.`);
    await expectAccessible(two.page, 'the choice between two changes');
    await dialog.getByRole('button', { name: choice }).click();
    await expect(dialog).toBeHidden();
    for (const { page } of [one, two]) {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Changed by ${counts}: ${choice}`);
    }
  }
  await go(two.page, ticket);
  await expect(two.page.getByRole('heading', { level: 1 })).toHaveText('Changed by the second: Save mine anyway');
  expect([...one.errors, ...two.errors]).toEqual([]);
  await one.context.close();
  await two.context.close();
});

test('an answer closes the ticket or keeps it open, as its button says', async ({ page, browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const number = await openTicket(customer.page, 'Answered for good', 'One answer will do.');
  await customer.context.close();
  await login(page, 'rep.l1@coco.com');
  await go(page, `/rep/inbox/${number}`);
  const answer = async (words: string, button: string) => {
    await page.getByRole('textbox', { name: 'Message' }).fill(words);
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByRole('log').getByText(words)).toBeVisible();
  };
  const expectStatus = (status: string) => expect(page.getByRole('button', { name: `Status: ${status}` })).toBeVisible();
  await answer('That should do.', 'Send & close');
  await expect(page.getByText('Sent and closed.')).toBeVisible();
  await expectStatus('Closed');
  await go(page, `/rep/inbox/${number}`);
  await expectStatus('Closed');
  await answer('One thing more, before I forget.', 'Send & keep open');
  await expect(page.getByText('Sent. The ticket stays open.')).toBeVisible();
  await expectStatus('Reopened');
  await go(page, `/rep/inbox/${number}`);
  await expectStatus('Reopened');
  await expect(page.getByRole('log').getByText('That should do.')).toHaveCount(1);
});

test('what is typed for one ticket stays with it', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=open');
  const rows = page.getByRole('link', { name: /TKT-/ });
  const box = page.getByRole('textbox', { name: 'Message' });
  const [first, second] = await rows.evaluateAll((all) => all.slice(0, 2).map((row) => (row as HTMLElement).dataset.number as string));
  const open = async (number: string) => {
    await page.getByRole('link', { name: new RegExp(`^${number}`) }).click();
    await expect(page.locator('.case-head .ticket-number')).toHaveText(number);
  };
  await open(first);
  await box.fill(`For ${first}`);
  await open(second);
  await expect(box).toHaveValue('');
  await box.fill(`For ${second}`);
  await open(first);
  await expect(box).toHaveValue(`For ${first}`);
  await box.fill('');
  await open(second);
  await expect(box).toHaveValue(`For ${second}`);
  await box.fill('');
});

test('typing goes on while the next ticket is on its way', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=open');
  const rows = page.getByRole('link', { name: /TKT-/ });
  await rows.nth(0).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('Half a thou');
  await page.route('**/load_ticket', async (route) => {
    await new Promise((done) => setTimeout(done, 800));
    await route.continue();
  });
  await rows.nth(1).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
  await page.goBack();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Half a thou');
});

test('a note can be added from where an answer is written', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=open');
  await page.getByRole('link', { name: /TKT-/ }).first().click();
  const words = `Known to the workshop ${Date.now()}`;
  await page.getByRole('textbox', { name: 'Message' }).fill(words);
  await page.getByRole('button', { name: 'Add note' }).click();
  const note = page.getByRole('log').getByRole('listitem').filter({ hasText: words });
  await expect(note.getByText('Only your team sees this')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Reply' })).toHaveAttribute('aria-selected', 'true');
});

test('Esc closes the emoji first and leaves the ticket open', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=open');
  await page.getByRole('link', { name: /TKT-/ }).first().click();
  await page.waitForURL(/TKT-/);
  await page.getByRole('button', { name: 'Add an emoji' }).click();
  await expect(page.getByRole('group', { name: 'Emoji' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('group', { name: 'Emoji' })).toBeHidden();
  await expect(page).toHaveURL(/TKT-/);
});

test('the focus stays at hand when a button has done its work', async ({ page }) => {
  await login(page, 'rep.l1@coco.com');
  await go(page, '/rep/inbox?view=unassigned');
  await page.getByRole('link', { name: /TKT-/ }).first().click();
  await page.getByRole('button', { name: 'Assign to me' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Assign to me' })).toHaveCount(0);
  await expect(page.locator('.case-acts button:focus')).toHaveCount(1);
});

test('two people taking a ticket at once: the second is asked, and told who has it', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const one = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const two = await signedIn(browser, 'rep.l2@coco.com', DESK);
  const number = await openTicket(customer.page, 'Who takes it?', 'One of you.');
  await go(one.page, `/rep/inbox/${number}`);
  await go(two.page, `/rep/inbox/${number}`);
  // The second one has pressed the button when the news comes; the answer to it comes later.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  await two.page.route('**/assign_ticket', async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  await two.page.getByRole('button', { name: 'Assign to me' }).click();
  await expect.poll(() => asked).toBe(1);
  await one.page.getByRole('button', { name: 'Assign to me' }).click();
  await expect(one.page.getByText('Assigned to you.')).toBeVisible();
  release();
  const question = two.page.getByRole('dialog', { name: 'Someone changed this ticket' });
  await expect(question).toContainText(/took the ticket/);
  await expect(question).toContainText(/It is assigned to .+ now\. You wanted to assign it to .+\./);
  await expectAccessible(two.page, 'the question whose change counts');
  await expect(question.getByRole('button', { name: 'Show newest' })).toBeFocused();
  await two.page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  expect(asked, 'nothing is repeated by itself').toBe(1);
  await expect(two.page.getByRole('button', { name: 'Assign to me' })).toBeVisible();
  await expect(one.page.getByRole('button', { name: 'Assign to me' })).toHaveCount(0);
  expect(customer.errors.concat(one.errors, two.errors)).toEqual([]);
  for (const who of [customer, one, two]) await who.context.close();
});
