/** One condition of a session policy, and the values of a request by what AWS made of them. */
export interface CapturedRow {
  readonly operator: string;
  /** `aws:RequestTag/label` unless said otherwise. */
  readonly key?: string;
  readonly wanted: string | readonly string[];
  /** The value of `aws:RequestTag/pattern`, which `wanted` names as a policy variable. */
  readonly pattern?: string;
  /** Allowed under an Allow, denied under a Deny. `undefined` is a key that is absent. */
  readonly matches?: readonly Found[];
  /** The contrary. */
  readonly differs?: readonly Found[];
  /** Denied under an Allow and under a Deny. */
  readonly bites?: readonly Found[];
  /** STS does not take the policy. */
  readonly refused?: readonly Found[];
}

export type Found = string | readonly string[] | undefined;
