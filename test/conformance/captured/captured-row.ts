/** One condition of a session policy, and request values by AWS's result. */
export interface CapturedRow {
  readonly operator: string;
  /** `aws:RequestTag/label` by default. */
  readonly key?: string;
  readonly wanted: string | readonly string[];
  /** The value of `aws:RequestTag/pattern`, which `wanted` names as a policy variable. */
  readonly pattern?: string;
  /** Allowed under an Allow, denied under a Deny. `undefined` is an absent key. */
  readonly matches?: readonly Found[];
  /** The opposite. */
  readonly differs?: readonly Found[];
  /** Denied under an Allow and under a Deny. */
  readonly bites?: readonly Found[];
  /** STS rejects the policy. */
  readonly refused?: readonly Found[];
}

export type Found = string | readonly string[] | undefined;
