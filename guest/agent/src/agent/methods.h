#pragma once

#include "agent/services.h"
#include "rpc/server.h"

namespace tswsl {

/** The methods of guestContract in src/protocol/guest.ts, all of them, by subject. */
void addAgentMethods(rpc::Methods& methods, Services& services);
void addStoreMethods(rpc::Methods& methods, Services& services);
void addDistroMethods(rpc::Methods& methods, Services& services);
void addFilesMethods(rpc::Methods& methods, Services& services);

rpc::Methods allMethods(Services& services);

}  // namespace tswsl
