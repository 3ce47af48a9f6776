import { escapeXml } from '../wire/xml.ts';

/** One test of a report. */
export interface JunitCase {
  readonly name: string;
  /** What it belongs to: a file, a principal. */
  readonly className: string;
  /** Why it failed: a line, and the whole story; absent where it passed. */
  readonly failure?: { readonly message: string; readonly text: string };
  readonly skipped?: string;
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
  const counts = attributes({ name: suite, tests: cases.length, failures, skipped, errors: 0 });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ tests: cases.length, failures })}>`,
    `  <testsuite ${counts}>`,
    ...renderProperties(properties),
    ...cases.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function renderProperties(properties: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(properties).map(
    ([name, value]) => `      <property ${attributes({ name, value })}/>`,
  );
  return rows.length === 0 ? [] : ['    <properties>', ...rows, '    </properties>'];
}

function renderCase({ name, className, failure, skipped, seconds }: JunitCase): string {
  const own = attributes({
    classname: className,
    name,
    ...(seconds !== undefined && { time: seconds.toFixed(3) }),
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
