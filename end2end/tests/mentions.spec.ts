import { DESK, expect, expectAccessible, go, PHONE, signedIn, test } from './fixtures';

test('a colleague called in a note is told, and finds the ticket', async ({ browser }) => {
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const colleague = await signedIn(browser, 'rep.l2@coco.com', DESK);
  const account = await colleague.page.getByRole('button', { name: /Your account: / }).textContent();
  const name = (account as string).replace(/^.*Your account: /, '');
  const first = name.split(' ')[0];
  await go(rep.page, '/rep/inbox?view=unassigned');
  await rep.page.getByRole('link', { name: /TKT-/ }).first().click();
  await rep.page.waitForURL(/TKT-/);
  const number = /TKT-\d+-\d+/.exec(rep.page.url())?.[0] as string;
  const box = rep.page.getByRole('textbox', { name: 'Message' });
  const offered = rep.page.getByRole('listbox', { name: 'Colleagues' });

  await box.fill('');
  await box.pressSequentially(`@${first}`);
  await expect(offered, 'an answer calls nobody').toHaveCount(0);
  await box.fill('');
  await rep.page.getByRole('tab', { name: 'Note' }).click();
  await box.pressSequentially(`Can you look, @${first}`);
  await expect(offered.getByRole('option', { name })).toBeVisible();
  await expect(box).toHaveAttribute('aria-activedescendant', 'naming-0');
  await expectAccessible(rep.page, 'the note with colleagues offered');
  await rep.page.keyboard.press('Escape');
  await expect(offered).toHaveCount(0);
  await expect(box).toBeFocused();
  await expect(rep.page).toHaveURL(/TKT-/);
  await box.press('Backspace');
  await expect(offered).toBeVisible();
  await offered.getByRole('option', { name }).click();
  await expect(box).toHaveValue(`Can you look, @${name} `);
  await expect(box).toBeFocused();
  const words = `${Date.now()}`;
  await box.pressSequentially(words);
  await box.press('Enter');
  const note = rep.page.getByRole('log').getByRole('listitem').filter({ hasText: words });
  await expect(note.locator('.bubble-mention')).toHaveText(`@${name}`);

  const mentions = colleague.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Mentions/ });
  await expect(mentions).toContainText(/[1-9]/);
  await mentions.click();
  await colleague.page.getByRole('link', { name: new RegExp(`^${number}`) }).click();
  await expect(colleague.page.getByRole('log').getByText(words)).toBeVisible();
  await expect(mentions).not.toContainText(/[1-9]/);
  expect([...rep.errors, ...colleague.errors]).toEqual([]);
});

test('a name is chosen by keyboard alone, and by touch', async ({ browser }) => {
  const desk = await signedIn(browser, 'rep.l1@coco.com', DESK);
  await go(desk.page, '/rep/inbox?view=open');
  await desk.page.getByRole('link', { name: /TKT-/ }).first().click();
  await desk.page.getByRole('tab', { name: 'Note' }).click();
  const box = desk.page.getByRole('textbox', { name: 'Message' });
  const options = desk.page.getByRole('listbox', { name: 'Colleagues' }).getByRole('option');
  await box.fill('');
  await box.pressSequentially('@');
  const second = await options.nth(1).locator('.naming-name').innerText();
  await box.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await box.press('Tab');
  await expect(box).toHaveValue(`@${second} `);
  await expect(box).toBeFocused();
  await box.fill('');

  const phone = await signedIn(browser, 'rep.l1@coco.com', PHONE);
  await go(phone.page, '/rep/inbox?view=open');
  await phone.page.getByRole('link', { name: /TKT-/ }).first().tap();
  await phone.page.getByRole('tab', { name: 'Note' }).tap();
  const touched = phone.page.getByRole('textbox', { name: 'Message' });
  await touched.fill('');
  await touched.pressSequentially('@');
  const tapped = phone.page.getByRole('listbox', { name: 'Colleagues' }).getByRole('option').first();
  const name = await tapped.locator('.naming-name').innerText();
  await tapped.tap();
  await expect(touched).toHaveValue(`@${name} `);
  await touched.fill('');
  expect([...desk.errors, ...phone.errors]).toEqual([]);
});
