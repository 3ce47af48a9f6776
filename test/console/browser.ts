import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';

/**
 * A Chromium from the npm registry. Its own arguments would switch web security off, and end the browser with its first
 * page: two are enough.
 */
export const openBrowser = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

export type Theme = 'light' | 'dark';

interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console printed as errors, CSP reports among them. */
  readonly errors: string[];
}

/** A page of the console, in a context of its own. */
export async function openPage(
  browser: Browser,
  address: string,
  { viewport = WIDE, theme = 'light' }: { viewport?: typeof WIDE; theme?: Theme } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(address);
  return { context, page, errors };
}

/** The address of a view: `decisions?q=x`. */
export const viewOf = (url: string, view: string): string => `${url}/_authz/#/${view}`;
