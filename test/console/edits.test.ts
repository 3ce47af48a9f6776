import { readFileSync, writeFileSync } from 'node:fs';
import { CreateSchemaCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCommand } from '../e2e/command-line.ts';
import { openBrowser, openPage, viewOf } from './browser.ts';
import { deniedDecision, FILES, importWithoutData, makeCalls, openScene } from './traffic.ts';

/* From a denial to the edited file: patches, their conflicts, and the link from a terminal. */

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const YAML = `# What the shop does.
Version: "2012-10-17"
Statement:
  - Sid: Groups
    Effect: Allow
    Action: [personalize:CreateDatasetGroup, personalize:ListDatasetGroups]
    Resource: "*" # any
`;
const { 'policies/shop.json': _, ...OTHERS } = FILES;

describe('a policy in YAML', () => {
  it('is patched in YAML, its comments kept, and applied with a backup', async () => {
    await using scene = await openScene({ consoleWrite: true }, { ...OTHERS, 'policies/shop.yaml': YAML });
    await makeCalls(scene.proxy);
    const id = deniedDecision(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, `decisions/${id}`));
    await page.waitForSelector('.fix .diff');
    const added = await page.locator('.fix .diff .line.allowed').allInnerTexts();
    expect(added.map((line) => line.trimEnd())).toEqual([
      '+  - Effect: Allow',
      '+    Action: personalize:CreateSchema',
      '+    Resource: arn:aws:personalize:us-east-1:123456789012:schema/interactions',
    ]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('this was denied then, and is allowed now').waitFor();
    const file = `${scene.folder.path}/policies/shop.yaml`;
    expect(readFileSync(file, 'utf8')).toContain('Resource: "*" # any\n  - Effect: Allow\n');
    expect(readFileSync(`${scene.folder.path}/policies/.shop.yaml.bak`, 'utf8')).toBe(YAML);
    await page.goto(viewOf(scene.proxy.url, 'generate?as=user/alice'));
    await page.waitForSelector('.diff');
    expect(await page.locator('.diff .line:not(.denied,.allowed)').allInnerTexts()).toContain(
      ' Version: "2012-10-17"',
    );
    await context.close();
  });
});

describe('a denial whose role is gone', () => {
  it('has what denied it among its steps', async () => {
    await using own = await openScene();
    await importWithoutData(own);
    const denied = own.proxy.decisions.find(({ outcome }) => outcome === 'denied');
    const withoutRole = FILES['config/principals.yaml']?.replace(/\n {2}shop: .*/, ' {}') ?? '';
    own.folder.write('config/principals.yaml', withoutRole);
    await own.proxy.reload();
    const { page, context } = await openPage(browser, viewOf(own.proxy.url, `decisions/${denied?.id}`));
    await page.getByText('The policies cannot be evaluated again').waitFor();
    expect(await page.locator('.steps .denied').innerText()).toMatch(/^identity policy\sfailed$/);
    await page.goto(viewOf(own.proxy.url, 'principals/role/shop'));
    await page.getByText('No role/shop in principals.yaml.').waitFor();
    await context.close();
  });
});

describe('coverage of a policy with several actions on a line', () => {
  it('counts the most used of them, and those that are unused', async () => {
    await using scene = await openScene(
      {},
      { ...OTHERS, 'policies/shop.yaml': YAML.replace('[', '[personalize:ListFilters, ') },
    );
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'coverage?policy=shop'));
    const line = page.locator('.line', { hasText: 'personalize:CreateDatasetGroup' });
    expect((await line.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^6 2✓ 1 unused/);
    await context.close();
  });
});

describe('a generated policy', () => {
  it('replaces the file that is chosen, with a backup, after which it is that policy', async () => {
    await using scene = await openScene({ consoleWrite: true });
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'generate?as=user/alice'));
    await page.getByText('is also attached to 2 other principals').waitFor();
    const text = await page.locator('.source').first().innerText();
    expect(text).toContain('personalize:CreateDatasetGroup');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('is this policy already').waitFor();
    const { path } = scene.folder;
    expect(JSON.parse(readFileSync(`${path}/policies/shop.json`, 'utf8')).Statement[0].Action).toBe(
      'personalize:CreateDatasetGroup',
    );
    expect(readFileSync(`${path}/policies/.shop.json.bak`, 'utf8')).toBe(FILES['policies/shop.json']);
    await context.close();
  });

  it('does not replace a file that has changed since it was compared', async () => {
    await using scene = await openScene({ consoleWrite: true });
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'generate?as=user/alice'));
    await page.waitForSelector('.diff');
    const file = `${scene.folder.path}/policies/shop.json`;
    const edited = `${FILES['policies/shop.json']}\n`;
    writeFileSync(file, edited);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.locator('.failure', { hasText: 'has changed since it was read' }).waitFor();
    expect(readFileSync(file, 'utf8')).toBe(edited);
    await context.close();
  });
});

describe('the form of Simulate', () => {
  it('is filled from the decision that Explain shows, and names what the record has shortened', async () => {
    await using scene = await openScene();
    const client = new PersonalizeClient({ ...scene.proxy.clientConfig('user/alice'), maxAttempts: 1 });
    await client.send(new CreateSchemaCommand({ name: 'long', schema: 'x'.repeat(3_000) })).catch(() => {});
    client.destroy();
    const id = deniedDecision(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, `decisions/${id}`));
    // The navigation has a link of this name, too, before the explanation is there.
    await page.getByLabel('Explanation').getByRole('link', { name: 'Simulate', exact: true }).click();
    await expect.poll(() => page.getByLabel('Operation').inputValue()).toBe('CreateSchema');
    await expect.poll(() => page.getByLabel('name *').inputValue()).toBe('long');
    await expect.poll(() => page.getByLabel('Principal').inputValue()).toBe('user/alice');
    await page.locator('.note', { hasText: 'The record has schema shortened or hidden' }).waitFor();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('td', { hasText: 'Not allowed' }).first().waitFor();
    await page.getByRole('button', { name: 'Evaluate again' }).click();
    await page.getByText('The decision may differ').waitFor();
    await context.close();
  });
});

describe('the divider between list and explanation', () => {
  it('moves by keys and by mouse, and stays where it is put', async () => {
    await using scene = await openScene();
    await makeCalls(scene.proxy);
    const address = viewOf(scene.proxy.url, `decisions/${deniedDecision(scene.proxy)}`);
    const { page, context } = await openPage(browser, address);
    const divider = page.getByRole('separator', { name: 'Width of the list' });
    const share = async () => Number(await divider.getAttribute('aria-valuenow'));
    const width = () => page.evaluate<number>("document.querySelector('#list').clientWidth");
    await divider.focus();
    const [before, wide] = [await share(), await width()];
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await share()).toBe(before - 4);
    expect(await width()).toBeLessThan(wide);
    await page.keyboard.press('Home');
    expect(await share()).toBe(Number(await divider.getAttribute('aria-valuemin')));
    await page.reload();
    await page.waitForSelector('.fix');
    expect(await share()).toBe(25);
    const box = await divider.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 4, 400);
    await page.mouse.down();
    await page.mouse.move(640, 400);
    await page.mouse.up();
    expect(await share()).toBe(50);
    await context.close();
  });
});

describe('a new user whose test run is denied', () => {
  it('gets from the line in the terminal to the applied fix by two clicks', async () => {
    await using scene = await openScene();
    await scene.proxy.close();
    const folder = scene.folder.path;
    const test = `${folder}/schema.test.mjs`;
    writeFileSync(
      test,
      `import { CreateSchemaCommand, PersonalizeClient } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-personalize'))};
await new PersonalizeClient({ maxAttempts: 1 }).send(new CreateSchemaCommand({ name: 'shop', schema: '{}' }));`,
    );
    const args = [
      'run',
      '--as',
      'alice',
      '--console',
      '--console-write',
      'true',
      '--',
      process.execPath,
      test,
    ];
    const begun = performance.now();
    await using command = new RunningCommand(args, { cwd: folder });
    const [, link = ''] = await command.prints(/1 × CreateSchema \((http:\S+)\)/, 'stderr');
    let clicks = 1;
    const { page, context } = await openPage(browser, link);
    await page.locator('.steps li', { hasText: 'identity policy failed' }).waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    clicks += 1;
    await page.getByText('this was denied then, and is allowed now').waitFor();
    process.stdout.write(
      `from the denial to the fix: ${clicks} clicks, ${((performance.now() - begun) / 1000).toFixed(1)} s with the test run\n`,
    );
    expect(readFileSync(`${folder}/policies/shop.json`, 'utf8')).toContain('schema/shop');
    await context.close();
    command.signal('SIGINT');
    await command.ended;
  });
});
