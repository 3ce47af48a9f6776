import { createServer } from 'node:http';
import {
  CreateSchemaCommand,
  DeleteSchemaCommand,
  ListSchemasCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { openBrowser, openPage, viewOf } from './browser.ts';
import { FILES, makeCalls, openScene } from './traffic.ts';

/* Hostile names, other websites, restarts, and ten thousand decisions. */

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const ROWS = '.spacer [role=row]';
const HTML = '<img src=x onerror=alert(1)>';

/** Sends signed calls without waiting for the SDK's own retries. */
async function call(proxy: RunningProxy, count: number): Promise<void> {
  const client = new PersonalizeClient({ ...proxy.clientConfig('user/alice'), maxAttempts: 1 });
  const batch = 50;
  for (let made = 0; made < count; made += batch)
    await Promise.all(
      Array.from({ length: Math.min(batch, count - made) }, () => client.send(new ListSchemasCommand({}))),
    );
  client.destroy();
}

describe('markup in names', () => {
  it('is text wherever it appears, and reports nothing to the policy of the page', async () => {
    const marked = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['personalize:List*', 'personalize:DeleteSchema'],
          Resource: '*',
          Condition: { StringNotLike: { 'aws:UserAgent': HTML } },
        },
      ],
    });
    await using scene = await openScene({}, { ...FILES, 'policies/read-only.json': marked });
    const { proxy } = scene;
    const client = new PersonalizeClient({ ...proxy.clientConfig('user/alice'), maxAttempts: 1 });
    const hostile = `arn:aws:personalize:us-east-1:123456789012:schema/${HTML}`;
    await client.send(new DeleteSchemaCommand({ schemaArn: hostile })).catch(() => {});
    await client.send(new CreateSchemaCommand({ name: HTML, schema: HTML })).catch(() => {});
    client.destroy();
    await fetch(`${proxy.url}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonPersonalize.ListSchemas',
        'user-agent': `${HTML}"><script>alert(1)</script>`,
        authorization: `AWS4-HMAC-SHA256 Credential=${HTML}/20260101/us-east-1/personalize/aws4_request`,
      },
      body: '{}',
    });
    const { page, errors, context } = await openPage(browser, viewOf(proxy.url, 'decisions'));
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await page.waitForSelector(ROWS);
    for (const view of [
      `decisions?q=${encodeURIComponent(HTML)}`,
      ...proxy.decisions.map(({ id }) => `decisions/${id}`),
      `decisions/${encodeURIComponent(HTML)}`,
      'principals?policy=read-only',
      'coverage?policy=read-only',
      'coverage?show=map',
      `principals?policy=${encodeURIComponent(HTML)}`,
      `simulate?edit=${encodeURIComponent(HTML)}`,
      `simulate?decision=${encodeURIComponent(HTML)}`,
      `simulate?decision=${proxy.decisions[0]?.id}`,
      `generate?as=${encodeURIComponent(HTML)}`,
      'generate?as=user/alice',
      'replay',
      'stub',
      `coverage?since=${encodeURIComponent(HTML)}`,
      'simulate',
      encodeURIComponent(HTML),
    ]) {
      await page.goto(viewOf(proxy.url, view));
      await page.waitForSelector('main');
      expect([view, await page.locator('main img, main script').count()]).toEqual([view, 0]);
    }
    expect(dialogs).toBe(0);
    expect(errors.filter((error) => /Content Security Policy|Trusted/i.test(error))).toEqual([]);
    await context.close();
  });
});

describe('another website', () => {
  it('can neither read nor change anything', async () => {
    await using scene = await openScene({ consoleWrite: true });
    const other = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>other</title>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { page, context } = await openPage(browser, `http://127.0.0.1:${port}/`);
    const attempt = (path: string, init: object) =>
      page.evaluate<string>(
        `fetch(${JSON.stringify(`${scene.proxy.url}/_authz/${path}`)}, ${JSON.stringify(init)}).then((r) => r.type + r.status, () => 'failed')`,
      );
    expect(
      await attempt('mode', { method: 'PUT', headers: { 'x-authz-admin': '1' }, body: '{"mode":"audit"}' }),
    ).toBe('failed');
    expect(await attempt('decisions', { method: 'GET' })).toBe('failed');
    expect(await attempt('reset', { method: 'POST', mode: 'no-cors' })).toBe('opaque0');
    const event = await page.evaluate<string>(
      `new Promise((done) => { const s = new EventSource(${JSON.stringify(`${scene.proxy.url}/_authz/decisions/stream`)}); s.onopen = () => done('open'); s.onerror = () => done('refused'); })`,
    );
    expect(event).toBe('refused');
    expect(scene.proxy.mode).toBe('enforce');
    await context.close();
    other.close();
  });
});

describe('a restart of the proxy', () => {
  it('is survived: the list starts anew, without duplicates', async () => {
    const scene = await openScene();
    await makeCalls(scene.proxy);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    const port = Number(new URL(scene.proxy.url).port);
    await scene.proxy.close();
    await page.getByText('Disconnected').waitFor();
    expect(await page.locator(ROWS).count()).toBe(11);
    await page.getByText(/Connection lost \d+ s ago\. Retrying\./).waitFor();
    expect(await page.getByLabel('Mode').isDisabled()).toBe(true);
    await page.goto(viewOf(scene.proxy.url, 'stub'));
    await page.getByText('A part of the console could not be loaded.').waitFor();
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    const again = await startProxy({ config: `${scene.folder.path}/config/proxy.yaml`, port });
    await page.getByRole('button', { name: 'Reset stub' }).waitFor();
    await page.goto(viewOf(scene.proxy.url, 'decisions'));
    await page.locator('.top').getByText('Live').waitFor();
    await call(again, 1);
    await expect
      .poll(() => page.locator('[role=grid]').getAttribute('aria-rowcount'), { timeout: 10_000 })
      .toBe('2');
    await context.close();
    await again.close();
    scene.folder[Symbol.dispose]();
  });
});

describe('ten thousand decisions', () => {
  it('keep few rows in the page, and scroll smoothly while more arrive', async () => {
    await using scene = await openScene();
    await call(scene.proxy, 10_000);
    const { page, context } = await openPage(browser, viewOf(scene.proxy.url, 'decisions'));
    await page.waitForSelector(ROWS);
    const more = call(scene.proxy, 1_000);
    const frames = await page.evaluate<number[]>(`new Promise((done) => {
      const grid = document.querySelector('[role=grid]'); const times = []; let last = performance.now();
      const step = (now) => { times.push(now - last); last = now; grid.scrollTop += 40;
        if (times.length < 180) requestAnimationFrame(step); else done(times.slice(5)); };
      requestAnimationFrame(step);
    })`);
    await more;
    const sorted = frames.toSorted((a, b) => a - b);
    const p50 = sorted[Math.floor(sorted.length * 0.5)] ?? 0;
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
    process.stdout.write(`frames while scrolling: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms\n`);
    expect(await page.locator(ROWS).count()).toBeLessThan(80);
    await page.getByText(/Held · [\d,]+ new/).waitFor();
    for (let reads = 0; reads < 30; reads += 1) {
      await page.evaluate(`document.querySelector('[role=grid]').scrollTop = 1e9`);
      if (Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')) > 9_500) break;
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    }
    await expect
      .poll(async () => Number(await page.locator('[role=grid]').getAttribute('aria-rowcount')))
      .toBeGreaterThan(3_000);
    expect(await page.locator(ROWS).count()).toBeLessThan(80);
    await context.close();
  });
});
