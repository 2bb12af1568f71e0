/**
 * A constructor that returns its argument: the private fields of a subclass are put on that object,
 * whatever it is. Nobody sees them there, and V8 finds them as it finds any field.
 */
export class Returned {
  constructor(object: object) {
    return object;
  }
}
