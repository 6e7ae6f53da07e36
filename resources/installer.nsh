; What Kurir adds to electron-builder's installer for Windows (electron-builder.yml, nsis.include).

; What electron-builder's own check needs, and includes only where there is no customCheckAppRunning.
!include "getProcessInfo.nsh"
Var pid

; Before files are replaced or removed: has a running Kurir finish what is in flight and end, which takes up to 15
; seconds, instead of ending it at once. A second start with --quit ends the first and itself; where none runs it ends
; itself. One that uses another data folder, or does not end, is left to electron-builder's own check, which closes it.
!macro customCheckAppRunning
  !insertmacro IS_POWERSHELL_AVAILABLE
  !insertmacro quitRunningKurir
  !insertmacro _CHECK_APP_RUNNING
!macroend

!macro quitRunningKurir
  !insertmacro FIND_PROCESS "${APP_EXECUTABLE_FILENAME}" $R0
  ${if} $R0 == 0
  ${andIf} ${FileExists} "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
    DetailPrint "$(appClosing)"
    Exec '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --quit'
    StrCpy $R1 0
    ${do}
      Sleep 1000
      IntOp $R1 $R1 + 1
      !insertmacro FIND_PROCESS "${APP_EXECUTABLE_FILENAME}" $R0
      ${if} $R0 != 0
        ${exitDo}
      ${endIf}
    ${loopUntil} $R1 >= 20
  ${endIf}
!macroend

; The start at login is the program's own doing (src-main/desktop/system/login-item.ts), so no uninstaller knows of it. An update
; runs the old version's uninstaller, too, and keeps it.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Kurir"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "Kurir"
  ${endIf}
!macroend
