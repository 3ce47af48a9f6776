import { ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningProxy } from '../../src/index.ts';
import { openBrowser, openPage, viewOf } from './browser.ts';
import { makeCalls, openScene } from './traffic.ts';

/* What the list of decisions does while people type, move over it and scroll, and calls go on. */

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const ROWS = '.spacer [role=row]';
const GRID = '[role=grid]';

async function listSchemas(proxy: RunningProxy, count: number): Promise<void> {
  const client = new PersonalizeClient({ ...proxy.clientConfig('user/alice'), maxAttempts: 1 });
  await Promise.all(Array.from({ length: count }, () => client.send(new ListSchemasCommand({}))));
  client.destroy();
}

/** The address of the decision whose row has the focus. */
const focusedRow = (page: Page) =>
  page.evaluate<string | null>(
    'document.activeElement.matches("[data-index]") ? document.activeElement.getAttribute("href") : null',
  );
const rowCount = async (page: Page) => Number(await page.locator(GRID).getAttribute('aria-rowcount')) - 1;

describe('the filter', () => {
  it('keeps the focus while it is typed with pauses, and follows the address', async () => {
    await using scene = await openScene();
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    await page.locator('#filter').focus();
    await page.keyboard.type('ali');
    await page.waitForURL(/q=ali$/);
    await page.keyboard.type('ce');
    await page.waitForURL(/q=alice$/);
    expect(await page.locator('#filter').inputValue()).toBe('alice');
    await page.goto(viewOf(scene.proxy.url, 'decisions?q=bob'));
    await expect.poll(() => page.locator('#filter').inputValue()).toBe('bob');
    await page.goBack();
    await expect.poll(() => page.locator('#filter').inputValue()).toBe('alice');
    await context.close();
  });
});

describe('a row with the focus', () => {
  it('stays where it is while calls are made, and the keys move on from it', async () => {
    await using scene = await openScene();
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.locator(`${ROWS} a`).first().focus();
    const second = await page.locator(`${ROWS} a`).nth(1).getAttribute('href');
    await listSchemas(scene.proxy, 60);
    await page.getByText('Held · 60 new').waitFor();
    await page.keyboard.press('j');
    await expect.poll(() => focusedRow(page)).toBe(second);
    await page.getByText('Held · 60 new').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => rowCount(page)).toBe(71);
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('grid');
    await context.close();
  });

  it('gives the focus to the one in its place where it is filtered out', async () => {
    await using scene = await openScene();
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.locator(`${ROWS} a`).first().focus();
    await page.keyboard.press('x');
    await page.waitForURL(/-operation/);
    await expect
      .poll(() => focusedRow(page))
      .toBe(await page.locator(`${ROWS} a`).first().getAttribute('href'));
    await context.close();
  });
});

describe('older decisions', () => {
  it.each(['q=CreateSchema', 'outcome=denied', 'group=1'])(
    'are read where the list fits the window and cannot be scrolled: %s',
    async (filter) => {
      await using scene = await openScene();
      await makeCalls(scene.proxy);
      for (let batch = 0; batch < 11; batch += 1) await listSchemas(scene.proxy, 50);
      const { page, context } = await openPage(browser, viewOf(scene.proxy.url, `decisions?${filter}`));
      await page.locator(ROWS, { hasText: 'CreateSchema' }).first().waitFor();
      await context.close();
    },
  );

  it('are read by scrolling, also where reading them has failed before', async () => {
    await using scene = await openScene();
    for (let batch = 0; batch < 14; batch += 1) await listSchemas(scene.proxy, 50);
    const { page, context } = await openPage(browser, 'about:blank');
    const isFirst = new Set<string>();
    await page.route(/decisions\?view=summary/, (route) => {
      const kind = route.request().url().includes('before=') ? 'older' : 'newest';
      if (isFirst.has(kind)) return route.continue();
      isFirst.add(kind);
      return route.abort();
    });
    await page.goto(viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    await expect.poll(() => rowCount(page)).toBe(500);
    const scroll = (top: number) => page.evaluate(`document.querySelector('[role=grid]').scrollTop = ${top}`);
    await scroll(1e6);
    await expect.poll(() => isFirst.has('older')).toBe(true);
    await expect
      .poll(async () => {
        await scroll(0);
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        await scroll(1e6);
        return rowCount(page);
      })
      .toBe(700);
    await context.close();
  });
});
