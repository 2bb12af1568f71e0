// same: needs=compiler tsconfig={"experimentalDecorators":true,"emitDecoratorMetadata":true}
import 'reflect-metadata'; const inject = (target: any, key?: any, index?: any): void => {}; class Service { async get() { await null; return 'service'; } } 
@inject class Controller { constructor(readonly service: Service, readonly text: string) {} @inject async handle(a: number, b: Service): Promise<string> { return await this.service.get(); } }
const types = (Reflect as any).getMetadata('design:paramtypes', Controller); console.log(types?.map((type: any) => type.name), (Reflect as any).getMetadata('design:returntype', Controller.prototype, 'handle')?.name); new Controller(new Service(), 't').handle(1, new Service()).then((v) => console.log(v));
