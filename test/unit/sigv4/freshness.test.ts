import { describe, expect, it } from 'vitest';
import { checkFreshness } from '../../../src/sigv4/freshness.ts';
import { parseBasicDate } from '../../../src/sigv4/request-date.ts';

function check(date: string, now: string, { skew = 5, expires }: { skew?: number; expires?: number } = {}) {
  const requestDate = parseBasicDate(date);
  if (requestDate === undefined) throw new Error(`no date: ${date}`);
  const dated = { requestDate, ...(expires !== undefined && { expiresSeconds: expires }) };
  return checkFreshness(dated, Date.parse(now), skew);
}

describe('freshness', () => {
  it('says when a signature expired, as AWS does', () => {
    expect(check('20141106T010406Z', '2014-11-06T01:17:52Z')).toEqual({
      code: 'InvalidSignatureException',
      message:
        'Signature expired: 20141106T010406Z is now earlier than 20141106T011252Z (20141106T011752Z - 5 min.)',
    });
  });

  it('names the window that is configured', () => {
    expect(check('20130301T000000Z', '2013-06-09T10:00:15Z', { skew: 15 })?.message).toBe(
      'Signature expired: 20130301T000000Z is now earlier than 20130609T094515Z (20130609T100015Z - 15 min.)',
    );
  });

  it('says when a signature is from the future, as AWS does', () => {
    expect(check('20170424T013926Z', '2017-04-24T01:33:32Z')).toEqual({
      code: 'InvalidSignatureException',
      message:
        'Signature not yet current: 20170424T013926Z is still later than 20170424T013832Z (20170424T013332Z + 5 min.)',
    });
  });

  it.each(['2026-11-24T11:55:00Z', '2026-11-24T12:00:00Z', '2026-11-24T12:05:00.999Z'])(
    'takes a request of noon at %s',
    (now) => {
      expect(check('20261124T120000Z', now)).toBeUndefined();
    },
  );

  it.each(['2026-11-24T11:54:59Z', '2026-11-24T11:54:59.999Z', '2026-11-24T12:05:01Z'])(
    'does not take a request of noon at %s',
    (now) => {
      expect(check('20261124T120000Z', now)?.code).toBe('InvalidSignatureException');
    },
  );

  it('takes a presigned request until it expires, however long that is', () => {
    expect(check('20261124T120000Z', '2026-12-01T12:00:00Z', { expires: 604_800 })).toBeUndefined();
    expect(check('20261124T120000Z', '2026-12-01T12:00:01Z', { expires: 604_800 })?.message).toBe(
      'Signature expired: 20261124T120000Z is now earlier than 20261124T120001Z (20261201T120001Z - 604800 sec.)',
    );
  });

  it('takes a presigned request no longer than it says, even inside the window', () => {
    expect(check('20261124T120000Z', '2026-11-24T12:00:11Z', { expires: 10 })?.message).toBe(
      'Signature expired: 20261124T120000Z is now earlier than 20261124T120001Z (20261124T120011Z - 10 sec.)',
    );
  });

  it('does not take a presigned request from the future', () => {
    expect(check('20261124T120000Z', '2026-11-24T11:54:59Z', { expires: 604_800 })?.message).toMatch(
      /^Signature not yet current: /,
    );
  });
});
