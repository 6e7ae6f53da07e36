/** What goes wrong on the window's side of the line, by the name of its sentence. */
export class WindowFailure extends Error {
  readonly code: 'fileChanged' | 'answerLost'

  constructor(code: WindowFailure['code'], options?: ErrorOptions) {
    super(code, options)
    this.name = 'WindowFailure'
    this.code = code
  }
}
