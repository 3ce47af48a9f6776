import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe.ts';
import { openBrowser, openPage, viewOf } from './browser.ts';
import { deniedDecision, FILES, makeCalls, openScene, type Scene } from './traffic.ts';

/*
 * Large text, small windows and forced colors.
 * https://www.w3.org/WAI/WCAG22/Understanding/reflow, https://www.w3.org/WAI/WCAG22/Understanding/resize-text
 */

let browser: Browser;
let scene: Scene;
let denied: string;
beforeAll(async () => {
  browser = await openBrowser();
  scene = await openScene({ consoleWrite: true });
  await makeCalls(scene.proxy);
  denied = deniedDecision(scene.proxy);
});
afterAll(async () => {
  await browser.close();
  await scene[Symbol.asyncDispose]();
});

const VIEWS: readonly (readonly [view: string, ready: string])[] = [
  ['decisions', '.spacer [role=row]'],
  ['decisions?q=nothing', '.list .empty'],
  ['decisions/DENIED', '.fix'],
  ['coverage?policy=shop', '.counts'],
  ['coverage?show=map', '.map'],
  ['coverage?show=table', 'table'],
  ['simulate?decision=DENIED&edit=shop', '.editor .cm-content'],
  ['generate?as=user/alice', '.diff'],
  ['replay', '.empty'],
  ['principals?policy=shop&decision=DENIED', '.path'],
  ['stub', '.tree'],
];

/** What cannot be scrolled into view, is covered, ends outside of the window, or has its text cut off. */
const LOST = `[...document.querySelectorAll('a[href],button,select,input,textarea,summary,h2,h3,h4,p,dt,dd,li,label')]
  .filter((each) => each.checkVisibility() && !each.closest('.hidden,.skip,.spacer,.source') && each.getClientRects().length > 0)
  .flatMap((each) => {
    each.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const { left, right, top, bottom } = each.getBoundingClientRect();
    const hit = document.elementFromPoint((Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
      (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
    const isThere = hit !== null && (each.contains(hit) || hit.contains(each));
    const isInside = left >= -1 && (right <= innerWidth + 1 || each.closest('.scroll-x,.opened') !== null);
    const isCut = getComputedStyle(each).overflowX === 'hidden' && each.scrollWidth > each.clientWidth + 1;
    return isThere && isInside && !isCut ? [] : [each.outerHTML.slice(0, 120)];
  })`;

async function open(viewport: { width: number; height: number }): Promise<Page> {
  return (await openPage(browser, viewOf(scene.proxy.url, 'decisions'), { viewport })).page;
}

describe.each([
  ['at 200 % in a window of 1280 by 800', { width: 640, height: 400 }],
  ['at 320 CSS pixels, which is 400 % of 1280 by 1024', { width: 320, height: 256 }],
] as const)('%s', (_, viewport) => {
  it('nothing is lost or clipped, and nothing scrolls sideways', async () => {
    const page = await open(viewport);
    for (const [view, ready] of VIEWS) {
      await page.goto(viewOf(scene.proxy.url, view.replace('DENIED', denied)));
      await page.waitForSelector(ready);
      expect([view, await page.evaluate(LOST)]).toEqual([view, []]);
      expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
        view,
        viewport.width,
      ]);
    }
    await page.context().close();
  });

  it('the list of decisions has room for rows', async () => {
    const page = await open(viewport);
    await page.waitForSelector('.spacer [role=row]');
    expect(await page.evaluate("document.querySelector('.grid').clientHeight")).toBeGreaterThan(150);
    await page.context().close();
  });
});

describe('with many principals', () => {
  it('the map and the table of coverage break no name of an action or a statement', async () => {
    const users = Array.from(
      { length: 12 },
      (_, index) => `  analyst-of-the-shop-${index}:\n    managedPolicies: [shop]\n`,
    );
    const principals =
      FILES['config/principals.yaml']?.replace('\ngroups:', `\n${users.join('')}groups:`) ?? '';
    const ofAction = 'ListAttachedUserPolicies';
    await using many = await openScene(
      {},
      {
        ...FILES,
        'config/principals.yaml': principals,
        'policies/read-only.json': FILES['policies/read-only.json']?.replace('Lists', ofAction) ?? '',
      },
    );
    await makeCalls(many.proxy);
    const { page, context } = await openPage(browser, viewOf(many.proxy.url, 'coverage?show=map'));
    const lines = (selector: string) =>
      page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => { const range = document.createRange(); range.selectNodeContents(each); return new Set([...range.getClientRects()].map(({ top }) => top)).size; }))`,
      );
    await page.waitForSelector('.map');
    expect(await lines('.map th')).toBe(1);
    await page.goto(viewOf(many.proxy.url, 'coverage?show=table'));
    await page.getByText(`Allow ${ofAction}`).waitFor();
    expect(await lines('tbody th')).toBeLessThanOrEqual(2);
    await context.close();
  });
});

describe('with forced colors', () => {
  const styleOf = (page: Page, selector: string, name: string) =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector(${JSON.stringify(selector)}))[${JSON.stringify(name)}]`,
    );

  it('what is chosen, what failed and what is focused differs from the rest', async () => {
    const page = await open({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(viewOf(scene.proxy.url, `decisions/${denied}?outcome=denied`));
    await page.waitForSelector('.fix');
    expect(await axeFindings(page)).toEqual([]);
    const [pressed, released] = ['true', 'false'].map((state) => `.chip[aria-pressed=${state}]`);
    expect(await styleOf(page, pressed ?? '', 'backgroundColor')).not.toBe(
      await styleOf(page, released ?? '', 'backgroundColor'),
    );
    expect(await styleOf(page, 'nav a[aria-current]', 'borderBottomColor')).not.toBe(
      await styleOf(page, 'nav a:not([aria-current])', 'borderBottomColor'),
    );
    expect(await styleOf(page, '.row.selected', 'outlineStyle')).toBe('solid');
    expect(await styleOf(page, '.steps li.denied', 'borderTopWidth')).toBe('2px');
    expect(await styleOf(page, '.steps li.allowed', 'borderTopWidth')).toBe('0px');
    expect(await styleOf(page, '.note', 'borderTopWidth')).toBe('2px');
    await page.locator('.divider').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe(
      'solid',
    );
    await page.context().close();
  });

  it('the map and the diff use words and signs besides colors', async () => {
    const page = await open({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto(viewOf(scene.proxy.url, 'coverage?show=map'));
    await page.waitForSelector('.map');
    expect(await page.locator('.map td:has(a)').allInnerTexts()).not.toContain('');
    await page.goto(viewOf(scene.proxy.url, 'generate?as=user/alice'));
    await page.waitForSelector('.diff');
    const changed = await page.locator('.diff .line:is(.allowed,.denied)').allInnerTexts();
    expect(changed.filter((line) => !/^[+-]/.test(line))).toEqual([]);
    await page.context().close();
  });
});
