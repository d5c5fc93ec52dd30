//! The functions that the standard library calls to unwind, as a program without unwind tables needs them. Without these the program would carry
//! a reader of debug information (a twentieth of it) for backtraces that it cannot take, and load `libgcc_s` beside it.
//!
//! They are this program's alone: `packaging/linux/release.ld` keeps them from libraries that are loaded later.

use std::{
    ffi::{c_int, c_void},
    process,
};

/// `_URC_END_OF_STACK`: <https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/baselib--unwind-backtrace.html>
const END_OF_STACK: c_int = 5;

// SAFETY: no other definition is linked (`libgcc_s` is left out once nothing is missing), and the signature is that of the ABI. No frame is told.
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Backtrace(_tell: *mut c_void, _to: *mut c_void) -> c_int {
    END_OF_STACK
}

macro_rules! never_called {
    ($($name:ident)*) => {
        $(
            // SAFETY: as above; nothing begins to unwind, so nobody comes by here, and who did would not come back.
            #[unsafe(no_mangle)]
            extern "C" fn $name() -> ! {
                process::abort()
            }
        )*
    };
}

never_called! {
    _Unwind_GetDataRelBase _Unwind_GetIP _Unwind_GetIPInfo _Unwind_GetLanguageSpecificData _Unwind_GetRegionStart _Unwind_GetTextRelBase
    _Unwind_Resume _Unwind_SetGR _Unwind_SetIP
}
