import { effect } from '@preact/signals';
import { stored } from './stored.ts';

export type Theme = 'system' | 'light' | 'dark';

export const theme = stored<Theme>('theme', 'system');

/** Colors follow `color-scheme`. */
export const followTheme = (): void =>
  void effect(() => {
    const { value } = theme;
    document.documentElement.style.colorScheme = value === 'system' ? '' : value;
  });
