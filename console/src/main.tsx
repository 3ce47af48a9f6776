import { render } from 'preact';
import { start } from './live.ts';
import { Shell } from './shell.tsx';
import { followTheme } from './theme.ts';

followTheme();
const app = document.querySelector('#app');
if (app) render(<Shell />, app);
void start();
