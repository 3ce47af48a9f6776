import { type Coverage, usesOf } from './types.ts';

/** The same as numbers: every statement with its uses, the unused ones first. */
export function CoverageTable({ coverage }: { coverage: Coverage }) {
  const statements = coverage.policies
    .flatMap(({ policy, file, statements: all }) => all.map((each) => ({ policy, file, ...each })))
    .sort((a, b) => usesOf(a) - usesOf(b));
  return (
    <div class="scroll-x" tabIndex={0}>
      <table>
        <caption class="hidden">Statements and their uses</caption>
        <thead>
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">Policy</th>
            <th scope="col">Allowed</th>
            <th scope="col">Denied</th>
            <th scope="col">Unused actions and resources</th>
          </tr>
        </thead>
        <tbody>
          {statements.map(({ policy, file, line, sid, statement, effect, allowed, denied, patterns }) => (
            <tr key={`${policy}${statement}`}>
              <th scope="row">
                {effect} {sid ?? `statement ${statement}`}
              </th>
              <td class="mono">
                {file === undefined ? policy : `${file}${line === undefined ? '' : `:${line}`}`}
              </td>
              <td class={allowed > 0 ? 'allowed' : 'muted'}>{allowed}</td>
              <td class={denied > 0 ? 'denied' : 'muted'}>{denied}</td>
              <td class="mono">
                {patterns
                  .filter((each) => usesOf(each) === 0)
                  .map(({ pattern }) => pattern)
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
