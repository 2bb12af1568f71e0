class Service {
  async run() { await this.step(); }
  async step() { await null; this.#fail(); }
  #fail() { throw new Error('private'); }
  static async make() { const one = new Service(); await one.run(); return one; }
}
Service.make().catch((error) => console.log(error.stack));
