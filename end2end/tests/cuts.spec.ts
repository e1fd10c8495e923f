import { DESK, PHONE, alive, expect, go, openTicket, say, signedIn, test } from './fixtures';
import type { Page, WebSocketRoute } from '@playwright/test';

/** Control over the sockets of a page that is about to be loaded. */
async function sockets(page: Page, open: boolean) {
  const lines: WebSocketRoute[] = [];
  const line = {
    open,
    async cut() {
      line.open = false;
      await Promise.all(lines.splice(0).map((socket) => socket.close()));
    },
  };
  await page.routeWebSocket(/\/ws$/, async (socket) => {
    if (!line.open) return socket.close();
    socket.connectToServer();
    lines.push(socket);
  });
  return line;
}

/** The ticket comes up in the list by itself, or waits behind "1 new". */
async function expectInList(page: Page, number: string): Promise<void> {
  const row = page.getByRole('link', { name: new RegExp(number) });
  const fresh = page.getByRole('button', { name: /\bnew\b/ });
  await expect(row.or(fresh).first()).toBeVisible({ timeout: 20_000 });
  if (!(await row.isVisible())) await fresh.click();
  await expect(row).toBeVisible();
}

test('a quiet inbox misses nothing, before its first socket and while it is cut', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const line = await sockets(rep.page, false);

  await go(rep.page, '/rep/inbox?view=unassigned');
  const first = await openTicket(customer.page, 'Asked before the socket', 'Nobody could tell the page.');
  line.open = true;
  await expectInList(rep.page, first);

  await line.cut();
  const second = await openTicket(customer.page, 'Asked while it was cut', 'Nobody could tell the page.');
  line.open = true;
  await expectInList(rep.page, second);

  await customer.context.close();
  await rep.context.close();
});

test('a customer hears at home of what happened while the socket was cut', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const rep = await signedIn(browser, 'rep.l1@coco.com', DESK);
  const number = await openTicket(customer.page, 'Answered while it was cut', 'Is someone there?');
  const line = await sockets(customer.page, false);
  await go(customer.page, '/customer/dashboard');

  await go(rep.page, `/rep/inbox/${number}`);
  await say(rep.page, 'Here I am, with an answer.');
  line.open = true;
  await expect(customer.page.getByText('Here I am, with an answer.').first()).toBeVisible({ timeout: 20_000 });

  await line.cut();
  await say(rep.page, 'And with another one.');
  await expect(rep.page.getByRole('log').getByText('And with another one.')).toBeVisible();
  line.open = true;
  await expect(customer.page.getByText('And with another one.').first()).toBeVisible({ timeout: 20_000 });

  await customer.context.close();
  await rep.context.close();
});

test('a customer sees live whether someone is at the desk', async ({ browser }) => {
  const customer = await signedIn(browser, 'customer@coco.com', PHONE);
  const { page } = customer;
  let line: WebSocketRoute | undefined;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    // It is open once it asks for something.
    socket.onMessage((message) => {
      line = socket;
      server.send(message);
    });
  });
  // Who else is online in the demo is not for this test to decide.
  let online = true;
  await page.route('**/vendor_choices', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/"online":(true|false)/g, `"online":${online}`);
    await route.fulfill({ response, body });
  });
  await go(page, '/customer/dashboard');
  await expect.poll(() => line).toBeDefined();
  const tell = (now: boolean) => {
    online = now;
    const data = { vendorId: '0190aaaa-0000-7000-8000-000000000001', status: now ? 'online' : 'offline' };
    line?.send(JSON.stringify({ type: 'presence', data }));
  };
  const there = page.locator('.customer-presence');
  tell(true);
  await expect(there).toHaveText('We\'re online');
  tell(false);
  await expect(there).toContainText('We answer');
  tell(true);
  await expect(there).toHaveText('We\'re online');
  expect(customer.errors).toEqual([]);
  await customer.context.close();
});
