import { escapeXml } from '../wire/xml.ts';

/** One test of a report. */
export interface JunitCase {
  readonly name: string;
  /** What it belongs to: a file, a principal. */
  readonly className: string;
  /** Why it failed: a line, and the whole story; absent where it passed. */
  readonly failure?: { readonly message: string; readonly text: string };
  readonly skipped?: string;
  /** 0 unless measured. */
  readonly seconds?: number;
}

/** A report in the form of JUnit, as CI services read it. @see https://github.com/testmoapp/junitxml */
export function junitReport(
  suite: string,
  cases: readonly JunitCase[],
  properties: Readonly<Record<string, string>> = {},
): string {
  const failures = cases.filter(({ failure }) => failure).length;
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  const time = timeOf(cases.reduce((sum, { seconds = 0 }) => sum + seconds, 0));
  const counts = attributes({ name: suite, tests: cases.length, failures, skipped, errors: 0, time });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ tests: cases.length, failures, time })}>`,
    `  <testsuite ${counts}>`,
    ...renderProperties(properties),
    ...cases.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Some services reject a case without a time. */
const timeOf = (seconds: number): string => seconds.toFixed(3);

function renderProperties(properties: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(properties).map(
    ([name, value]) => `      <property ${attributes({ name, value })}/>`,
  );
  return rows.length === 0 ? [] : ['    <properties>', ...rows, '    </properties>'];
}

function renderCase({ name, className, failure, skipped, seconds = 0 }: JunitCase): string {
  const own = attributes({
    classname: className,
    name,
    time: timeOf(seconds),
  });
  if (failure)
    return [
      `    <testcase ${own}>`,
      `      <failure ${attributes({ message: failure.message })}>${escapeXml(failure.text)}</failure>`,
      '    </testcase>',
    ].join('\n');
  if (skipped !== undefined)
    return `    <testcase ${own}><skipped ${attributes({ message: skipped })}/></testcase>`;
  return `    <testcase ${own}/>`;
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join(' ');
