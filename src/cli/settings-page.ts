import wrapAnsi from 'wrap-ansi';
import { SETTINGS, type Setting } from '../config/settings.ts';

/** Every setting with its flag, its variable, its key in `proxy.yaml` and its default. */
export function settingsPage(width: number): string {
  const wrapped = (text: string): string =>
    wrapAnsi(text, Math.max(width - INDENT, MIN_WIDTH))
      .split('\n')
      .map((line) => ' '.repeat(INDENT) + line)
      .join('\n');
  const entries = SETTINGS.map(
    (setting) => `  --${setting.flag} <${setting.form}>\n${wrapped(detailsOf(setting))}`,
  );
  return [
    'A flag takes precedence over a variable, a variable over proxy.yaml.',
    '',
    `  --config <file>\n${wrapped(`Configuration file. AUTHZ_CONFIG; default: config/proxy.yaml.`)}`,
    ...entries,
    '',
  ].join('\n');
}

const INDENT = 6;
const MIN_WIDTH = 20;

function detailsOf({ summary, variable, key, default: value }: Setting): string {
  return `${summary}. ${variable}, ${key}${value === undefined ? '' : `; default: ${value}`}.`;
}
