import { describe, expect, it } from 'vitest';
import { checkScope } from '../../../src/sigv4/scope.ts';

const GOOD = { date: '20130609', region: 'us-east-1', service: 'personalize', terminator: 'aws4_request' };
const requestDate = { millis: Date.parse('2013-06-09T09:52:04Z'), text: '20130609T095204Z' };
const EXPECTED = { regions: ['us-east-1', 'eu-west-1'], service: 'personalize' };

const REGION = 'Credential should be scoped to a valid region. ';
const SERVICE = "Credential should be scoped to correct service: 'personalize'. ";
const terminatorDiagnostic = (terminator: string): string =>
  `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
const dateDiagnostic = (date: string): string =>
  `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '20130609', from '20130609T095204Z'.`;

describe('the credential scope', () => {
  it.each(EXPECTED.regions)('may name any expected region: %s', (region) => {
    expect(checkScope({ scope: { ...GOOD, region }, requestDate }, EXPECTED)).toBeUndefined();
  });

  it.each([
    [{ region: 'us-west-2' }, REGION],
    [{ region: 'US-EAST-1' }, REGION],
    [{ service: 'sts' }, SERVICE],
    [{ service: 'Personalize' }, SERVICE],
    [{ region: 'c', service: 'd' }, REGION + SERVICE],
    [{ terminator: 'e' }, terminatorDiagnostic('e')],
    [{ terminator: '' }, terminatorDiagnostic('')],
    [{ date: '20130608' }, dateDiagnostic('20130608')],
    [
      { date: 'b', region: 'c', service: 'd', terminator: 'e' },
      REGION + SERVICE + terminatorDiagnostic('e') + dateDiagnostic('b'),
    ],
  ])('%j is refused, and everything wrong is named', (wrong, message) => {
    expect(checkScope({ scope: { ...GOOD, ...wrong }, requestDate }, EXPECTED)).toEqual({
      code: 'InvalidSignatureException',
      message,
    });
  });
});
