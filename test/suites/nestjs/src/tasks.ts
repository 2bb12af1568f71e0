import {
  Body,
  Controller,
  Get,
  Module,
  Param,
  Post,
  Query,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Broken, KeyGuard, ShowPlace, ToNumber, Wrap } from './around';
import { Clock, Greeter, PREFIX, Store, type Task } from './store';

@Controller('tasks')
@UseInterceptors(Wrap)
export class Tasks {
  constructor(private readonly store: Store) {}

  @Get()
  async list(): Promise<Task[]> {
    const found: Task[] = [];
    for await (const task of this.store.all()) found.push(task);
    return found;
  }

  @Get(':id')
  async one(@Param('id', ToNumber) id: number): Promise<Task> {
    return await this.store.find(id);
  }

  @Post()
  @UseGuards(KeyGuard)
  add(@Body('titles') titles: string[]): Promise<Task[]> {
    return Promise.all(titles.map((title) => this.store.add(title)));
  }
}

@Controller()
@UseFilters(ShowPlace)
export class Others {
  constructor(private readonly greeter: Greeter) {}

  @Get('hello')
  async hello(@Query('name') name = 'nobody'): Promise<string> {
    return this.greeter.greet(name);
  }

  @Get('broken')
  async broken(): Promise<never> {
    await null;
    throw new Broken('broken');
  }

  /** What a compiler made of the types. */
  @Get('types')
  types(): unknown {
    const of = (target: object): string[] | undefined =>
      Reflect.getMetadata('design:paramtypes', target)?.map((type: Function) => type.name);
    return { tasks: of(Tasks), others: of(Others), store: of(Store), text: Store.prototype.find.toString() };
  }
}

@Module({
  controllers: [Tasks, Others],
  providers: [Clock, Store, Greeter, { provide: PREFIX, useFactory: async () => 'hello' }],
})
export class App {}
