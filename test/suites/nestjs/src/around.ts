/** What stands around a handler: a guard, an interceptor, a pipe, a filter for errors. */
import {
  BadRequestException,
  Catch,
  ForbiddenException,
  Injectable,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';

@Injectable()
export class KeyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await null;
    if (context.switchToHttp().getRequest().headers['x-key'] !== 'key') throw new ForbiddenException();
    return true;
  }
}

@Injectable()
export class Wrap implements NestInterceptor {
  async intercept(_: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await Promise.resolve();
    return next.handle().pipe(map((data) => ({ data })));
  }
}

@Injectable()
export class ToNumber implements PipeTransform {
  async transform(value: string): Promise<number> {
    await null;
    const number = Number(value);
    if (!Number.isInteger(number)) throw new BadRequestException(`${value} is no number`);
    return number;
  }
}

export class Broken extends Error {}

/** Answers with the function and the place that threw. */
@Catch(Broken)
export class ShowPlace implements ExceptionFilter {
  catch(error: Broken, host: ArgumentsHost): void {
    const line = (error.stack ?? '').split('\n')[1] ?? '';
    const [, name = '', place = ''] = /at (?:async )?(\S+) \(?.*?([^/]*:\d+:\d+)\)?$/.exec(line) ?? [];
    host.switchToHttp().getResponse().status(418).json({ message: error.message, name, place });
  }
}
