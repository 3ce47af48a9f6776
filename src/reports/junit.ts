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
export function junitReport(suite: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure).length;
  const skipped = cases.filter((each) => each.skipped !== undefined).length;
  const counts = attributes({ name: suite, tests: cases.length, failures, skipped, errors: 0 });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ tests: cases.length, failures })}>`,
    `  <testsuite ${counts}>`,
    ...cases.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
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
