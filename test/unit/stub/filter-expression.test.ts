import { describe, expect, it } from 'vitest';
import { applyFilter, type FilterContext } from '../../../src/services/personalize/filter-apply.ts';
import { parseFilter } from '../../../src/services/personalize/filter-expression.ts';

const FILMS = [
  { id: 'heat', properties: { genre: 'action|crime', price: 5, year: '1995' } },
  { id: 'up', properties: { genre: 'family', price: 12, year: '2009' } },
  { id: 'jaws', properties: { genre: 'horror', price: 20 } },
  { id: 'unknown' },
];

const CONTEXT: FilterContext = {
  values: { GENRE: '"family","horror"', MAX: '12', PLAIN: 'crime' },
  user: { age: 30, taste: 'crime' },
  item: { genre: 'horror' },
  eventTypes: (id) => (id === 'heat' ? ['watch', 'buy'] : id === 'up' ? ['click'] : []),
};

const passed = (expression: string, context: FilterContext = CONTEXT) => {
  const filter = parseFilter(expression);
  if (typeof filter === 'string') throw new Error(filter);
  const result = applyFilter(filter, FILMS, context);
  return result.ok ? result.value.map(({ id }) => id).filter((id) => id !== 'unknown') : result.error.message;
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
    ['INCLUDE ItemID WHERE Items.GENRE IN (CurrentItem.GENRE)', ['jaws']],
    ['INCLUDE ItemID WHERE Items.GENRE IN (CurrentUser.TASTE)', ['heat']],
    ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("WATCH")', ['up', 'jaws']],
    ['INCLUDE ItemID WHERE Interactions.event_type IN ("*")', ['heat', 'up']],
    [
      'EXCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 40',
      ['up', 'jaws'],
    ],
    ['EXCLUDE ItemID WHERE Items.PRICE < 10 IF CurrentUser.AGE > 40', ['heat', 'up', 'jaws']],
    [
      'INCLUDE ItemID WHERE Items.PRICE > 1 | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
      ['up', 'jaws'],
    ],
  ])('%s lets through %j', (expression, ids) => {
    expect(passed(expression)).toEqual(ids);
  });

  it('lets through what no data tells of', () => {
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
    ['INCLUDE ItemID WHERE Items.A = 3 extra', 'expected | or the end, found extra'],
    ['INCLUDE ItemID WHERE Items.A = "unclosed', 'unexpected "'],
    ['INCLUDE ItemID WHERE Items.A = 3 IF Items.B = 2', 'expected CurrentUser, found Items'],
    [
      'INCLUDE ItemID WHERE Items.A = 3 AND Interactions.EVENT_TYPE IN ("a")',
      'Items and Interactions cannot be used in one expression',
    ],
    ['INCLUDE ItemID WHERE Interactions.PLACE IN ("a")', 'Interactions can be filtered by EVENT_TYPE only'],
    ['INCLUDE ItemID WHERE Items.A IN ("*")', '* can be used with an EVENT_TYPE only'],
  ])('%j is refused: %s', (expression, reason) => {
    expect(parseFilter(expression)).toBe(`The filter expression is not valid: ${reason}.`);
  });
});
