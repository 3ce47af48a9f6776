import { signal } from '@preact/signals';

/** What the one status region of the page says. */
export const announcement = signal('');

const QUIET_MILLIS = 5_000;
let spoken = 0;

/** Says something to screen readers, at most every five seconds: what comes sooner is dropped. */
export function announce(text: string): void {
  const now = Date.now();
  if (now - spoken < QUIET_MILLIS) return;
  spoken = now;
  announcement.value = text;
}
