import type { Session } from 'electron'

/**
 * The window needs nothing that a permission guards (camera, microphone, location, notifications, devices), so
 * that every request and every check is answered with no.
 */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}
