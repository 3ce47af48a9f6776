import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe.ts';
import { NARROW, openBrowser, openPage, type Theme, viewOf, WIDE } from './browser.ts';
import { deniedDecision, makeCalls, openScene, type Scene } from './traffic.ts';

/* Coverage, Simulate, Generate, Replay, Principals and Stub in Chromium. */

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
  ['coverage', '.counts'],
  ['coverage?show=map', '.map'],
  ['coverage?show=table', 'table'],
  ['simulate', 'h2:has-text("Results")'],
  ['simulate?edit=shop', '.editor .cm-content'],
  ['generate', '.empty'],
  ['generate?as=user/alice', '.diff'],
  ['replay', '.empty'],
  ['principals?policy=shop&decision=DENIED', '.path'],
  ['stub', '.tree'],
  ['stub?show=events', '.empty'],
  ['unknown', '.empty'],
];

describe.each([
  ['light', WIDE],
  ['dark', WIDE],
  ['light', NARROW],
  ['dark', NARROW],
] as const)('the views (%s, %o)', (theme: Theme, viewport) => {
  it('have no axe finding, no error and no horizontal scroll', async () => {
    const { page, errors, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'), {
      theme,
      viewport,
    });
    for (const [view, ready] of VIEWS) {
      await page.goto(viewOf(scene.proxy.url, view.replace('DENIED', denied)));
      await page.waitForSelector(ready);
      expect([view, await axeFindings(page)]).toEqual([view, []]);
      expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([
        view,
        viewport.width,
      ]);
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});

describe('coverage', () => {
  it('shows unused statements in their source, and principals by actions', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'coverage?policy=shop'));
    await page.waitForSelector('.unused-line');
    expect(await page.locator('.unused-line').allInnerTexts()).toContainEqual(
      expect.stringMatching(/0 unused[\s\S]*\{/),
    );
    expect(await page.locator('.line', { hasText: 'personalize:CreateDatasetGroup' }).innerText()).toMatch(
      /2✓/,
    );
    await page.getByRole('button', { name: 'Map' }).click();
    const row = page.locator('.map tr', { hasText: 'CreateCampaign' });
    expect(await row.innerText()).toMatch(/unused/);
    await page.locator('.map a', { hasText: '⊘1' }).first().click();
    await page.waitForURL(/#\/decisions\?q=principal/);
    await context.close();
  });

  it('counts since a mark', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'coverage'));
    await page.getByPlaceholder('test run').fill('my run');
    await page.getByRole('button', { name: 'Mark now' }).click();
    await page.waitForURL(/since=my\+run/);
    await page.getByText('0 checks of 0 decisions').waitFor();
    await context.close();
  });
});

describe('simulate and replay', () => {
  it('show what an edit changes, in the call that was denied and in all of them', async () => {
    const { page, errors, context } = await openPage(browser, viewOf(scene.proxy.url, 'simulate?edit=shop'));
    await page.getByLabel('Recorded').selectOption(denied);
    await page.getByRole('button', { name: 'Evaluate again' }).click();
    await page.locator('td', { hasText: 'Not allowed' }).first().waitFor();
    await page.locator('.editor .cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      readFileSync(`${scene.folder.path}/policies/shop.json`, 'utf8')
        .replace('192.0.2.0/24', '127.0.0.0/8')
        .replace('"Bool"', '"BoolIfExists"'),
    );
    await page.getByText('Allowed', { exact: true }).waitFor();
    await page.getByRole('link', { name: /Replay all recorded calls/ }).click();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('1 change in 11 calls').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('point at the findings of an edit, and keep the results before it', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'simulate?edit=shop'));
    await page.getByLabel('Principal').selectOption('user/alice');
    await page.getByLabel('Operation').fill('CreateDatasetGroup');
    await page.getByLabel('name *').fill('shop');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('td', { hasText: 'Allowed' }).first().waitFor();
    await page.locator('.editor .cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "Version": "2012-10-17" }');
    await page.locator('.failure', { hasText: 'InvalidPolicy' }).waitFor();
    await page.waitForSelector('.stale');
    await page.waitForSelector('.editor .cm-lint-marker-error');
    await context.close();
  });

  it('switch a layer off', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'simulate'));
    const scp =
      scene.proxy.decisions.find(({ request }) => request.operation === 'DeleteDatasetGroup')?.id ?? '';
    await page.getByLabel('Recorded').selectOption(scp);
    await page.getByRole('button', { name: 'Evaluate again' }).click();
    await page.locator('td', { hasText: 'Explicitly denied' }).nth(1).waitFor();
    await page.getByLabel('service control policy').uncheck();
    await page.locator('td', { hasText: 'identity policy' }).waitFor();
    await context.close();
  });

  it('fill the form from a recorded call', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'simulate'));
    await page.getByLabel('Recorded').selectOption(denied);
    await page.getByRole('button', { name: 'Fill in the form' }).click();
    await expect.poll(() => page.getByLabel('Operation').inputValue()).toBe('CreateSchema');
    await expect.poll(() => page.getByLabel('name *').inputValue()).toBe('interactions');
    await context.close();
  });
});

describe('generate', () => {
  it('links each line to the calls that need it', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'generate'));
    await page.getByLabel('Policy for').selectOption('user/alice');
    await page.getByText('Proven:').waitFor();
    await page.locator('.source a.counts').first().click();
    await page.waitForURL(/#\/decisions\/[0-9a-f-]+/);
    await context.close();
  });

  it('offers audit mode where nothing is recorded', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'generate?as=role/shop'));
    await page.getByText('audit mode').waitFor();
    await context.close();
  });
});

describe('principals', () => {
  it('lead from a principal to a policy, and from a decision to its path', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'principals'));
    await page.getByPlaceholder('name').fill('bob');
    await page.getByRole('link', { name: 'user/bob' }).click();
    await page.getByRole('link', { name: 'AmazonPersonalizeFullAccess' }).click();
    await page.getByText('AWS managed policy').waitFor();
    expect(await page.content()).not.toContain('the-secret-of-bob');
    expect(await page.locator('.path').innerText()).toMatch(/user\/bob[\s\S]*CreateSchema/);
    await page.goto(viewOf(scene.proxy.url, `decisions/${denied}`));
    await page.getByRole('link', { name: 'Path' }).click();
    await page.waitForURL(/principals\/user%2Falice/);
    await page.waitForSelector('.path.denied');
    expect(await page.locator('.path').innerText()).toMatch(
      /user\/alice[\s\S]*personalize:CreateSchema[\s\S]*schema\/interactions/,
    );
    await context.close();
  });
});

describe('stub', () => {
  it('shows the resources, and none after a reset that was confirmed', async () => {
    await using own = await openScene();
    await makeCalls(own.proxy);
    const { page, context } = await openPage(browser, viewOf(own.proxy.url, 'stub'));
    await page.getByText('interactions', { exact: true }).waitFor();
    await page.locator('main').getByRole('button', { name: 'Reset stub' }).click();
    await page.locator('main').getByRole('dialog').getByRole('button', { name: 'Reset stub' }).click();
    await page.getByText('The stub has no resources yet').waitFor();
    await context.close();
  });
});

describe('simulate by keyboard alone', () => {
  it('adds a call and shows what the policies decide', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'simulate'));
    await page.waitForSelector('#operations option', { state: 'attached' });
    await page.waitForSelector('form option:text-is("user/alice")', { state: 'attached' });
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement?.closest("label")?.textContent ?? document.activeElement?.textContent ?? ""',
      );
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await page.keyboard.press('Tab');
        if (name.test(await focused())) return;
      }
      throw new Error(`nothing with the name ${name} can be reached`);
    };
    await tabTo(/^Principal\b/);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.getByLabel('Principal').inputValue()).toBe('user/alice');
    await tabTo(/^Operation/);
    await page.keyboard.type('ListSchemas');
    await expect.poll(() => page.getByLabel('Operation').inputValue()).toBe('ListSchemas');
    await page.getByText('Input').or(page.getByText('This operation has no input')).first().waitFor();
    await tabTo(/^Add$/);
    expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe(
      'solid',
    );
    await page.keyboard.press('Enter');
    await page.getByText('Allowed', { exact: true }).first().waitFor();
    await context.close();
  });
});

describe('the navigation', () => {
  it('goes to every view with two keys', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector('nav');
    for (const [key, view] of Object.entries({
      c: 'coverage',
      s: 'simulate',
      g: 'generate',
      r: 'replay',
      p: 'principals',
      t: 'stub',
    })) {
      await page.locator('#main').focus();
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL(new RegExp(`#/${view}$`));
    }
    await context.close();
  });
});
