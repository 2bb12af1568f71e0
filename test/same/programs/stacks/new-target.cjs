class Base { constructor() { this.where = new Error(new.target.name).stack.split('\n').slice(0, 3); } }
class Derived extends Base { field = new Error('field').stack.split('\n')[1]; static { console.log(new Error('static').stack.split('\n')[1]); } }
(async () => { await null; console.log(new Derived()); })();
