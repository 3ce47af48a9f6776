import { describe, expect, it } from 'vitest';
import { applyFilter, type FilterContext } from '../../../src/services/personalize/filter-apply.ts';
import { parseFilter } from '../../../src/services/personalize/filter-expression.ts';
import { fieldsOf, filterDiagnostic } from '../../../src/services/personalize/filter-rules.ts';

const FILMS = [
  { id: 'heat', properties: { genre: 'action|crime', price: 5, year: '1995' } },
  { id: 'up', properties: { genre: 'family', price: 12, year: '2009' } },
  { id: 'jaws', properties: { genre: 'horror', price: 20 } },
  { id: 'unknown' },
];

const CONTEXT: FilterContext = {
  values: { GENRE: '"family","horror"', MAX: '12', PLAIN: 'crime', AGE: '30' },
  user: { age: 30, taste: 'crime' },
  item: { genre: 'horror', price: 15 },
  eventTypes: (id) => (id === 'heat' ? ['watch', 'buy'] : id === 'up' ? ['click'] : []),
};

const passed = (expression: string, context: FilterContext = CONTEXT) => {
  const filter = parseFilter(expression);
  if (typeof filter === 'string') throw new Error(filter);
  const result = applyFilter(filter, FILMS, context);
  return result.ok ? result.value.map(({ id }) => id).filter((id) => id !== 'unknown') : result.error.message;
};

/** So many conditions, each on a field of its own. */
function fields(count: number, stem: string): string {
  return Array.from({ length: count }, (_, index) => `Items.${stem}${index} > 1`).join(' AND ');
}

const refusalOf = (expression: string): string | undefined => {
  const filter = parseFilter(expression);
  return typeof filter === 'string' ? filter : filterDiagnostic(filter);
};

describe('a filter', () => {
  it.each([
    ['INCLUDE ItemID WHERE Items.GENRE IN ("crime", "horror")', ['heat', 'jaws']],
    ['EXCLUDE ItemID WHERE Items.GENRE IN ("crime")', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Items.GENRE NOT IN ("crime")', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("Crime")', []],
    ['INCLUDE ItemID WHERE Items.PRICE < 12', ['heat']],
    ['INCLUDE ItemID WHERE Items.PRICE <= 12', ['heat', 'up']],
    ['INCLUDE ItemID WHERE Items.PRICE >= 12', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Items.PRICE != 12', ['heat', 'jaws']],
    ['INCLUDE ItemID WHERE Items.YEAR > 2000', ['up']],
    [
      'INCLUDE ItemID WHERE Items.PRICE > 4 AND Items.PRICE < 10 OR Items.GENRE IN ("family")',
      ['heat', 'up'],
    ],
    ['INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Items.GENRE IN ($PLAIN)', ['heat']],
    ['INCLUDE ItemID WHERE Items.PRICE = $MAX', ['up']],
    ['INCLUDE ItemID WHERE Items.PRICE = ($MAX)', ['up']],
    ['INCLUDE ItemID WHERE Items.GENRE IN (CurrentItem.GENRE)', ['jaws']],
    ['INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE', ['jaws']],
    ['EXCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE', ['heat', 'up']],
    ['INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE', ['heat', 'up']],
    ['include itemid where items.genre in ("crime")', ['heat']],
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("WATCH")', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Interactions.event_type IN ("*")', ['heat', 'up']],
    [
      'EXCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 40',
      ['up', 'jaws'],
    ],
    ['EXCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 40', ['heat', 'up', 'jaws']],
    ['EXCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE = $AGE', ['up', 'jaws']],
    // The union of the INCLUDEs, without the union of the EXCLUDEs, in whatever order they are.
    [
      'INCLUDE ItemID WHERE Items.PRICE > 1 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
      ['up', 'jaws'],
    ],
    [
      'INCLUDE ItemID WHERE Items.GENRE IN ("crime") | INCLUDE ItemID WHERE Items.GENRE IN ("family")',
      ['heat', 'up'],
    ],
    [
      'EXCLUDE ItemID WHERE Items.PRICE < 10 | INCLUDE ItemID WHERE Items.GENRE IN ("crime", "family") | INCLUDE ItemID WHERE Items.PRICE = 20',
      ['up', 'jaws'],
    ],
    [
      'EXCLUDE ItemID WHERE Items.GENRE IN ("crime") | EXCLUDE ItemID WHERE Items.GENRE IN ("family")',
      ['jaws'],
    ],
    [
      'INCLUDE ItemID WHERE Items.GENRE IN ("crime") | INCLUDE ItemID WHERE Items.PRICE = 20 IF CurrentUser.AGE > 40',
      ['heat'],
    ],
    ['INCLUDE ItemID WHERE Items.PRICE = 20 IF CurrentUser.AGE > 40', ['heat', 'up', 'jaws']],
  ])('%s lets through %j', (expression, ids) => {
    expect(passed(expression)).toEqual(ids);
  });

  it('lets candidates without data through', () => {
    const filter = parseFilter('INCLUDE ItemID WHERE Items.GENRE IN ("crime")');
    if (typeof filter === 'string') throw new Error(filter);

    expect(applyFilter(filter, [{ id: 'made-up' }], CONTEXT)).toEqual({
      ok: true,
      value: [{ id: 'made-up' }],
    });
  });

  it('wants a value for each of its parameters', () => {
    expect(
      passed('INCLUDE ItemID WHERE Items.GENRE IN ($A) AND Items.PRICE > $B', { ...CONTEXT, values: {} }),
    ).toBe('filterValues must have a value for $A, $B.');
  });

  it.each([
    ['', 'expected INCLUDE or EXCLUDE, found the end'],
    ['INCLUDE ItemID', 'expected WHERE, found the end'],
    ['INCLUDE Item WHERE Items.A IN ("a")', 'expected ItemID or UserID or ActionID, found Item'],
    [
      'INCLUDE ItemID WHERE Films.A IN ("a")',
      'expected Items or Users or Interactions or Actions or Action_Interactions, found Films',
    ],
    ['INCLUDE ItemID WHERE Items.A IN ()', 'expected a value, found )'],
    ['INCLUDE ItemID WHERE Items.A IN ("a"', 'expected ), found the end'],
    ['INCLUDE ItemID WHERE Items.A ~ 3', 'unexpected ~'],
    [
      'INCLUDE ItemID WHERE Items.A LIKE 3',
      'expected IN or NOT or = or != or < or <= or > or >=, found LIKE',
    ],
    ['INCLUDE ItemID WHERE Items.A = 3 extra', 'expected AND, OR, IF, | or the end, found extra'],
    ['INCLUDE ItemID WHERE Items.A = "unclosed', 'unexpected "'],
    ['INCLUDE ItemID WHERE Items.A = 3 IF Items.B = 2', 'expected CurrentUser, found Items'],
    [
      'INCLUDE ItemID WHERE Items.A = 3 AND Interactions.EVENT_TYPE IN ("a")',
      'Items and Interactions cannot be used in one expression',
    ],
    ['INCLUDE ItemID WHERE Interactions.PLACE IN ("a")', 'Interactions can be filtered by EVENT_TYPE only'],
    ['INCLUDE ItemID WHERE Items.A IN ("*")', '* can be used with an EVENT_TYPE only'],
    [
      'EXCLUDE ItemID WHERE Items.A = 3 OR Action.B IN ("b")',
      'Items and Actions cannot be used in one expression',
    ],
    [
      'INCLUDE ItemID WHERE Items.A = "drama"',
      '"drama" is a string: operators compare numbers, strings need IN',
    ],
    ['INCLUDE ItemID WHERE Items.A IN (CurrentUser.B)', 'CurrentUser can be used after IF only'],
    ['INCLUDE ItemID WHERE CurrentUser.A > 3', 'CurrentUser can be used after IF only'],
    [
      'INCLUDE ItemID WHERE CurrentItem.A > 3',
      'CurrentItem can be compared with only; a condition begins with a dataset',
    ],
    ['INCLUDE ItemID WHERE Items.A IN $A', 'expected (, found $A'],
    ['INCLUDE ItemID WHERE Items.A NOT IN CurrentItem.A', 'expected (, found CurrentItem'],
    ['INCLUDE ItemID WHERE Items.A = (3)', 'expected a $parameter, found 3'],
    ['INCLUDE ItemID WHERE Items.A = ($A', 'expected ), found the end'],
    [
      'EXCLUDE ItemID WHERE Items.A = 3 IF CurrentUser.B > 1 OR CurrentUser.C > 2',
      'conditions after IF are joined by AND only',
    ],
    [
      'EXCLUDE ItemID WHERE Items.A = 3 IF CurrentUser.B > 1 IF CurrentUser.C > 2',
      'expected AND, OR, IF, | or the end, found IF',
    ],
    [
      `INCLUDE ItemID WHERE ${fields(6, 'A')} | EXCLUDE ItemID WHERE ${fields(5, 'B')}`,
      'it uses 11 distinct fields, and a filter can use 10',
    ],
  ])('%j is refused: %s', (expression, reason) => {
    expect(refusalOf(expression)).toBe(`The filter expression is not valid: ${reason}.`);
  });

  it('is refused a placeholder with NOT IN, in the words of AWS', () => {
    expect(refusalOf('EXCLUDE ItemID WHERE Items.GENRE NOT IN ("a", $GENRE)')).toBe(
      'Invalid input symbol: $GENRE. Placeholders are not allowed with NOT_IN operator.',
    );
  });

  it.each([
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)',
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    'INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE',
    'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("shoe") AND Items.CATEGORY_L2 NOT IN ("boot")',
    'INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP < $DATE',
    'EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE) IF CurrentUser.AGE = $AGE',
    'EXCLUDE ItemID WHERE Items.GENRE IN ("a") IF CurrentUser.AGE > 18 AND CurrentUser.AGE < ($MOST)',
    'INCLUDE ActionID WHERE Action.MEMBERSHIP_LEVEL IN ("Premium")',
    'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken", "Not taken")',
    'INCLUDE UserID WHERE Users.MEMBERSHIP IN ("a") AND Users.AGE >= 18 OR Users.AGE = 12',
    'EXCLUDE UserID WHERE Interactions.EVENT_TYPE NOT IN ("rating")',
    `INCLUDE ItemID WHERE ${fields(10, 'A')} | EXCLUDE ItemID WHERE Items.A1 > 3`,
  ])('is read: %s', (expression) => {
    expect(refusalOf(expression)).toBeUndefined();
  });

  it('uses the fields of the current item and of the current user too, in whatever case they are', () => {
    const filter = parseFilter(
      'INCLUDE ItemID WHERE Items.price < CurrentItem.PRICE AND Items.Genre IN CurrentItem.TASTE IF CurrentUser.AGE > 3',
    );
    if (typeof filter === 'string') throw new Error(filter);
    expect(fieldsOf(filter)).toEqual(['ITEMS.PRICE', 'ITEMS.GENRE', 'ITEMS.TASTE', 'USERS.AGE']);
  });
});
