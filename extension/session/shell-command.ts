/** A command line as a person types it: the system's shell reads it, as in package.json. */

/** What `simul trace --` is given. */
export function shellCommand(line: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', line] : ['/bin/sh', '-c', line];
}
