/** So long a request is looked at before more of it is asked for, ms: whoever steps along a list asks for nothing on the way. */
export const steppingMs = 120
