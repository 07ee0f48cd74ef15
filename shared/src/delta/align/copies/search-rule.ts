/** When a copy pays. */
export interface SearchRule {
  /**
   * Bytes that a place has to explain beyond the present diagonal: about what a copy costs, in bytes that would be coded otherwise.
   * `near`: the place is close to where the source was left, `far`: anywhere.
   */
  readonly near: number;
  readonly far: number;
  /** Bytes that agree which one that does not takes away, where a copy ends. */
  readonly penalty: number;
  /** The same, where places are compared. */
  readonly doubt: number;
}

/** For programs: literals are dear there, and what differs is mostly a number that has moved a little. */
export const CODE: SearchRule = { near: 8, far: 20, penalty: 1, doubt: 1.5 };
/** For the rest: literals compress well, and what differs is another word. */
export const TEXT: SearchRule = { near: 32, far: 32, penalty: 2, doubt: 3 };
