import { LOGINS, alive, expect, go, login, test } from './fixtures';

for (const { role, email, home } of LOGINS) {
  test(`a ${role} signs in and lands at ${home}`, async ({ page }) => {
    await login(page, email);
    expect(new URL(page.url()).pathname).toBe(home);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
}

test('a wrong password and an unknown address read the same, and nothing typed is lost', async ({ page }) => {
  const answers: string[] = [];
  for (const email of ['customer@coco.com', 'nobody@coco.com']) {
    await go(page, '/login');
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const told = page.getByText("don't match");
    await expect(told).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue(email);
    answers.push((await told.textContent()) ?? '');
  }
  expect(answers[0]).toBe(answers[1]);
});

test('a page asks for sign-in and comes back to it', async ({ page }) => {
  await page.goto('/customer/history');
  await alive(page);
  expect(page.url()).toContain('/login?next=');
  await page.getByLabel('Email').fill('customer@coco.com');
  await page.getByLabel('Password').fill('password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/customer/history');
});

test('pages of another role are not there', async ({ page }) => {
  await login(page, 'customer@coco.com');
  for (const path of ['/rep/inbox', '/admin/dashboard']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
  }
  await page.context().clearCookies();
  await login(page, 'rep.l1@coco.com');
  const answer = await page.goto('/admin/dashboard');
  expect(answer?.status()).toBe(404);
});

test('a new customer registers, and signing out ends the session', async ({ page }) => {
  await go(page, '/register');
  await page.getByLabel('Name').fill('Noor Haddad');
  await page.getByLabel('Email').fill('noor@example.org');
  await page.getByLabel('Password').fill('a long enough one');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/customer/dashboard');
  await go(page, '/customer/profile');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL('**/login');
  await page.goto('/customer/dashboard');
  expect(page.url()).toContain('/login');
});
