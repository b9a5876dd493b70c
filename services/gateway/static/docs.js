"use strict";
// Shows /openapi.json; a file of its own because pages here run no inline script.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
