import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../../src/engine/operators.ts';
import { CONDITION_OPERATORS } from '../../../src/policy/ast.ts';
import { holds } from './ask.ts';

describe('the operator table', () => {
  it('has a row for every operator except Null, which tests keys only', () => {
    expect([...Object.keys(OPERATORS), 'Null'].sort()).toEqual([...CONDITION_OPERATORS].sort());
  });

  it('marks an operator as negated exactly if its name says so', () => {
    const negated = Object.entries(OPERATORS).filter(([, row]) => row.negated);
    expect(negated.map(([name]) => name)).toEqual(
      Object.keys(OPERATORS).filter((name) => name.includes('Not')),
    );
  });
});

describe('a missing key', () => {
  it('makes a positive operator false', () => {
    expect(holds({ StringEquals: { 'aws:username': 'alice' } }, {})).toBe(false);
  });

  it('makes a negated operator true', () => {
    expect(holds({ StringNotEquals: { 'aws:username': 'alice' } }, {})).toBe(true);
  });

  it('makes any operator with IfExists true', () => {
    expect(holds({ NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '300' } }, {})).toBe(true);
  });

  it('makes ForAllValues true and ForAnyValue false, also for negated operators', () => {
    expect(holds({ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(true);
    expect(holds({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(false);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'a' } }, {})).toBe(false);
  });

  it('does not depend on the case of the key name', () => {
    expect(holds({ StringEquals: { 'AWS:UserName': 'alice' } }, { 'aws:username': 'alice' })).toBe(true);
  });
});

describe('several values', () => {
  it('are alternatives to a positive operator', () => {
    expect(holds({ StringEquals: { k: ['a', 'b'] } }, { k: 'b' })).toBe(true);
  });

  it('are all excluded by a negated operator', () => {
    expect(holds({ StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' })).toBe(false);
    expect(holds({ StringNotEquals: { k: ['a', 'b'] } }, { k: 'c' })).toBe(true);
  });

  it('of an empty list match only a missing key, with IfExists or ForAllValues', () => {
    expect(holds({ 'ForAllValues:StringEquals': { k: [] } }, {})).toBe(true);
    expect(holds({ 'ForAllValues:StringEquals': { k: [] } }, { k: ['a'] })).toBe(false);
    expect(holds({ StringNotEquals: { k: [] } }, { k: 'a' })).toBe(false);
  });
});

describe('a multi-valued key', () => {
  it('matches no operator without a set operator, not even a negated one', () => {
    expect(holds({ StringEquals: { 'aws:TagKeys': 'a' } }, { 'aws:TagKeys': ['a'] })).toBe(false);
    expect(holds({ StringNotEquals: { 'aws:TagKeys': 'b' } }, { 'aws:TagKeys': ['a'] })).toBe(false);
  });

  it('makes ForAllValues true if every value of the request matches', () => {
    const condition = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['cost-*', 'team'] } };
    expect(holds(condition, { 'aws:TagKeys': ['team', 'cost-center'] })).toBe(true);
    expect(holds(condition, { 'aws:TagKeys': ['team', 'owner'] })).toBe(false);
    expect(holds(condition, { 'aws:TagKeys': [] })).toBe(true);
  });

  it('makes ForAnyValue true if one value of the request matches', () => {
    const condition = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } };
    expect(holds(condition, { 'aws:TagKeys': ['owner', 'team'] })).toBe(true);
    expect(holds(condition, { 'aws:TagKeys': ['owner'] })).toBe(false);
    expect(holds(condition, { 'aws:TagKeys': [] })).toBe(false);
  });

  it('makes a negated ForAllValues true if none matches, a negated ForAnyValue if one does not', () => {
    const context = { 'aws:TagKeys': ['owner', 'team'] };
    expect(holds({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'team' } }, context)).toBe(false);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'team' } }, context)).toBe(true);
    expect(holds({ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team', 'owner'] } }, context)).toBe(
      false,
    );
  });
});

describe('Null', () => {
  it('tests whether a key is absent', () => {
    expect(holds({ Null: { k: 'true' } }, {})).toBe(true);
    expect(holds({ Null: { k: 'false' } }, {})).toBe(false);
    expect(holds({ Null: { k: 'false' } }, { k: ['a', 'b'] })).toBe(true);
    expect(holds({ Null: { k: true } }, { k: [] })).toBe(true);
  });

  it('is always true with ForAllValues and never with ForAnyValue', () => {
    expect(holds({ 'ForAllValues:Null': { k: 'false' } }, {})).toBe(true);
    expect(holds({ 'ForAnyValue:Null': { k: 'true' } }, {})).toBe(false);
  });
});

describe('several operators and keys', () => {
  it('must all be true', () => {
    const condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    expect(holds(condition, { a: '1', b: '2', c: 'true' })).toBe(true);
    expect(holds(condition, { a: '1', b: '3', c: 'true' })).toBe(false);
    expect(holds(condition, { a: '1', b: '2', c: 'false' })).toBe(false);
  });
});
