/** One way of a connection. Times are ns from the trace's start, NaN until that end was read. */
export interface Link {
  sentNs: number;
  /** Task index; −1: not recorded. */
  sender: number;
  /** The thread that sent it; −1: not read yet, or not recorded. */
  senderLane: number;
  /** What the sender asked: a pool, a thread, a process; −1: not recorded. */
  resource: number;
  receivedNs: number;
  /** Task index; −1: not recorded. */
  receiver: number;
  receiverLane: number;
}
