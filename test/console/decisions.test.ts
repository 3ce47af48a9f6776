import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../e2e/command-line.ts';
import { axeFindings } from './axe.ts';
import { NARROW, openBrowser, openPage, type Theme, viewOf, WIDE } from './browser.ts';
import { deniedDecision, FILES, importWithoutData, makeCalls, openScene, type Scene } from './traffic.ts';

/* Decisions and Explain in Chromium, with calls of the AWS SDK behind them. */

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

const ROWS = '.spacer [role=row]';

describe.each([
  ['light', WIDE],
  ['dark', WIDE],
  ['light', NARROW],
  ['dark', NARROW],
] as const)('the console (%s, %o)', (theme: Theme, viewport) => {
  it.each(['decisions', 'decisions?group=1', 'decisions?q=nothing', 'decisions/none', 'decisions/DENIED'])(
    'has no axe finding, no error and no horizontal scroll: %s',
    async (view) => {
      const address = viewOf(scene.proxy.url, view.replace('DENIED', denied));
      const { page, errors, context } = await openPage(browser, address, { theme, viewport });
      await page.waitForSelector(
        view.startsWith('decisions/') ? '.detail :is(.steps, .empty)' : `${ROWS}, .empty`,
      );
      expect(await axeFindings(page)).toEqual([]);
      expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      await context.close();
    },
  );
});

describe('decisions', () => {
  it('lists every call with what denied it, newest first', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    const texts = await page.locator(ROWS).allInnerTexts();
    expect(texts).toHaveLength(11);
    expect(texts[0]).toMatch(/Rejected[\s\S]*AKIAIOSFODNN7UNKNOWN[\s\S]*UnrecognizedClientException/);
    expect(texts[2]).toMatch(
      /Denied[\s\S]*user\/bob[\s\S]*DeleteDatasetGroup[\s\S]*dataset-group\/[\s\S]*bob[\s\S]*service control policy/,
    );
    await context.close();
  });

  it('shows a call as it is made, and holds the list while it is paused', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    const before = await page.locator('[role=grid]').getAttribute('aria-rowcount');
    const client = new PersonalizeClient(scene.proxy.clientConfig('user/alice'));
    await client.send(new ListSchemasCommand({}));
    await page.waitForSelector(`[role=grid][aria-rowcount="${Number(before) + 1}"]`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await client.send(new ListSchemasCommand({}));
    await page.getByText('Held · 1 new').click();
    await page.waitForSelector(`[role=grid][aria-rowcount="${Number(before) + 2}"]`);
    await context.close();
  });

  it('keeps filters, grouping and selection in the address', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.getByRole('button', { name: 'Denied' }).click();
    await page.getByRole('searchbox').fill('principal:bob -operation:CreateSchema');
    await page.waitForURL(/q=/);
    await page.getByRole('button', { name: 'Group' }).click();
    await page.locator(`${ROWS} a`).first().click();
    await page.waitForSelector('.detail .steps');
    const address = page.url();
    expect(address).toMatch(/#\/decisions\/[0-9a-f-]+\?outcome=denied&q=principal.*&group=1$/);
    const second = await openPage(browser, address);
    await second.page.waitForSelector('.detail .steps');
    expect(await second.page.locator(ROWS).allInnerTexts()).toHaveLength(1);
    await second.context.close();
    await context.close();
  });

  it('says why nothing is shown, and clears the filter', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions?q=nothing-like-it'));
    await page.getByText('nothing-like-it').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.waitForSelector(ROWS);
    await context.close();
  });

  it('counts calls that came out alike', async () => {
    const { page, context } = await openPage(
      browser,
      viewOf(scene.proxy.url, 'decisions?group=1&q=ListSchemas'),
    );
    await page.waitForSelector(ROWS);
    const texts = await page.locator(ROWS).allInnerTexts();
    expect(texts.find((text) => text.includes('user/alice'))).toMatch(/Allowed\s*×[\d,]+/);
    await context.close();
  });

  it('shows the check of a service role below the call that passed the role', async () => {
    await using own = await openScene();
    await importWithoutData(own);
    const { page, context } = await openPage(
      browser,
      viewOf(own.proxy.url, 'decisions?q=CreateDatasetImportJob'),
    );
    await page.waitForSelector('.row.nested');
    const [call, check] = await page.locator(ROWS).allInnerTexts();
    expect(call).toMatch(/Allowed[\s\S]*user\/alice[\s\S]*CreateDatasetImportJob/);
    expect(check).toMatch(/Denied[\s\S]*role\/shop[\s\S]*s3:GetObject[\s\S]*data\.csv/);
    await page.goto(viewOf(own.proxy.url, 'stub'));
    await page.getByRole('link', { name: 'Service-role decisions' }).click();
    await page.waitForSelector('.row');
    expect(await page.locator(ROWS).count()).toBe(1);
    await context.close();
  });

  it.each([WIDE, NARROW])('has mode, upstream and problems always in view (%o)', async (viewport) => {
    await using own = await openScene();
    own.folder.write('policies/shop.json', '{');
    await own.proxy.reload();
    const { page, context } = await openPage(browser, viewOf(own.proxy.url, 'coverage'), { viewport });
    await page.getByText('1 problem').click();
    await page.locator('.problems li', { hasText: 'shop.json:1:2' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.problems[open]').count()).toBe(0);
    await page.getByText('1 problem').click();
    await page.locator('.top').click({ position: { x: 2, y: 2 } });
    expect(await page.locator('.problems[open]').count()).toBe(0);
    expect(await page.getByText('embedded stub').isVisible()).toBe(true);
    expect(await page.getByLabel('Mode').isVisible()).toBe(true);
    await context.close();
  });

  it('switches the mode', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.getByLabel('Mode').selectOption('audit');
    await page.waitForSelector('.mode.audited');
    expect(scene.proxy.mode).toBe('audit');
    scene.proxy.setMode('enforce');
    await page.waitForSelector('.mode:not(.audited)');
    await context.close();
  });
});

describe('explain', () => {
  it('leads from the link of a denial to the condition that was not met, and what it would take', async () => {
    const { page, context } = await openPage(browser, `${scene.proxy.url}/_authz/d/${denied}`);
    await page.waitForSelector('.fix');
    const text = await page.locator('.detail').innerText();
    expect(text).toMatch(/identity policy\s*failed/);
    expect(text).toContain('Missing keys');
    expect(text).toMatch(/Fix 1: meet the conditions of OfficeOnly/);
    expect(text).toMatch(/aws:SourceIp must match IpAddress 192\.0\.2\.0\/24; it is 127\.0\.0\.1/);
    expect(text).toContain('Also skips aws:SourceIp, aws:MultiFactorAuthPresent');
    const missed = await page.locator('.source .line.denied').first().innerText();
    expect(missed).toMatch(/\d+\s*✗[\s\S]*"aws:SourceIp"/);
    expect(await page.locator('.opened a.open').first().getAttribute('href')).toMatch(
      /^vscode:\/\/file\/.*shop\.json:\d+$/,
    );
    await context.close();
  });

  it('copies a decision as a policy test and as a command', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, `decisions/${denied}`));
    await page.locator('.detail .menu summary').click();
    await page.getByRole('button', { name: 'Policy test' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const test = await page.evaluate<string>('navigator.clipboard.readText()');
    scene.folder.write('copied.yaml', test);
    const run = await cli(['test', 'copied.yaml'], { cwd: scene.folder.path });
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('user/alice calls CreateSchema')]);
    await page.getByRole('button', { name: 'AWS CLI command' }).click();
    await expect
      .poll(() => page.evaluate<string>('navigator.clipboard.readText()'))
      .toMatch(
        /^aws personalize create-schema --cli-input-json '\{"name":"interactions".*\}' --region us-east-1 --endpoint-url http:\/\/127\.0\.0\.1:\d+$/,
      );
    await context.close();
  });

  it('applies a fix to the file, after which the call passes', async () => {
    await using own = await openScene({ consoleWrite: true });
    await makeCalls(own.proxy);
    const id = deniedDecision(own.proxy);
    const { page, context } = await openPage(browser, viewOf(own.proxy.url, `decisions/${id}`));
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('this was denied then, and is allowed now').waitFor();
    expect(readFileSync(`${own.folder.path}/policies/.shop.json.bak`, 'utf8')).toBe(
      FILES['policies/shop.json'],
    );
    await context.close();
  });

  it('works by keyboard alone', async () => {
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    await page.keyboard.press('/');
    await page.keyboard.type('CreateSchema');
    await page.waitForURL(/q=CreateSchema/);
    for (let tabs = 0; tabs < 6; tabs += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate('document.activeElement?.closest(".spacer") !== null')) break;
    }
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.detail .steps');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.detail', { state: 'detached' });
    expect(await page.evaluate('document.activeElement?.closest(".spacer") !== null')).toBe(true);
    await context.close();
  });
});

describe('the size of the page', () => {
  it('is at most 60 kB gzipped at first load', () => {
    const folder = fileURLToPath(new URL('../../dist-console/', import.meta.url));
    const page = readFileSync(`${folder}index.html`, 'utf8');
    const loaded = [...page.matchAll(/"\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
    const bytes = loaded.map((file) => gzipSync(readFileSync(`${folder}${file}`)).length);
    expect(loaded.length).toBeGreaterThanOrEqual(2);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(60_000);
  });
});
